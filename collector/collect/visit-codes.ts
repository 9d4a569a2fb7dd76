import { setTimeout as delay } from 'node:timers/promises';
import { encodeVisitCode } from '../../domain/visit-code.ts';
import { nowhere, RecentUuids } from '../recent-uuids.ts';
import { blockSize, type CodeBlock, type CodeBlocks } from './code-blocks.ts';

const maxVisits = 200_000;

/** A page rather has no code than its events wait for one: the process that counts them may stand still for long. */
const usualPatienceMs = 1000;
/** Batches; what waits is in memory. */
const mostWaiting = 500;

/** Short codes of visits, spoken on the phone. A visit may get a second code after a restart; both stay with its events. */
export interface VisitCodes {
  /** Whether `count` new codes can be given without waiting. */
  hasRoom(count: number): boolean;
  /** Waits for more codes, neither long nor in a crowd. `late`: it is better to go on without. */
  more(): Promise<'given' | 'late' | 'failed'>;
  /** Code that the visit has. */
  knownCodeOf(visit: string): string | undefined;
  /** Code of a visit; undefined for a new one when there is none left. */
  codeOf(visit: string): string | undefined;
}

export function createVisitCodes(blocks: CodeBlocks, patienceMs = usualPatienceMs): VisitCodes {
  const counters = new RecentUuids(maxVisits, 1);
  const room: CodeBlock[] = [];
  let left = 0;
  let next = 0;
  let taking: Promise<void> | undefined;
  let waiting = 0;
  /** The block that is asked for did not come in time: nobody else waits for it. */
  let isLate = false;

  const takeBlock = async (): Promise<void> => {
    const block = await blocks.take();
    if (left === 0) next = block.first;
    room.push(block);
    left += block.end - block.first;
  };
  const startTaking = (): Promise<void> => {
    taking ??= takeBlock().finally(() => {
      taking = undefined;
      isLate = false;
    });
    return taking;
  };
  const nextCounter = (): number => {
    if (next === room[0]?.end) {
      room.shift();
      next = room[0]?.first ?? next;
    }
    left -= 1;
    next += 1;
    return next - 1;
  };
  const knownCodeOf = (visit: string): string | undefined => {
    const place = counters.find(visit);
    return place === nowhere ? undefined : encodeVisitCode(counters.words[place] ?? 0);
  };
  return {
    hasRoom: (count) => left >= count,
    more: async () => {
      if (isLate || waiting >= mostWaiting) return 'late';
      waiting += 1;
      const patience = new AbortController();
      const late = delay(patienceMs, 'late' as const, { signal: patience.signal });
      const given = startTaking().then(() => 'given' as const);
      const outcome = await Promise.race([given, late]).catch(() => 'failed' as const);
      patience.abort();
      waiting -= 1;
      isLate = outcome === 'late' && taking !== undefined;
      return outcome;
    },
    knownCodeOf,
    codeOf: (visit) => {
      const known = knownCodeOf(visit);
      if (known !== undefined) return known;
      if (left === 0) return undefined;
      const counter = nextCounter();
      counters.words[counters.place(visit)] = counter;
      // Ahead of need, so that no request waits for the disk; what fails here is told to the request that finds no room.
      if (left === blockSize / 2) startTaking().catch(() => undefined);
      return encodeVisitCode(counter);
    },
  };
}

import { setTimeout as delay } from 'node:timers/promises';
import { encodeVisitCode } from '../../domain/visit-code.ts';
import { nowhere, RecentUuids } from '../recent-uuids.ts';
import { blockSize, type CodeBlock, type CodeBlocks } from './code-blocks.ts';
import type { GivenCode } from './visit-news.ts';

const maxVisits = 200_000;

/** A page rather has no code than its events wait for one: the process that counts them may stand still for long. */
const usualPatienceMs = 1000;
/** Batches; what waits is in memory. */
const mostWaiting = 500;

/** Short codes of visits, spoken on the phone. A visit may get a second code after a restart, or in two processes at one moment; both stay with its events. */
export interface VisitCodes {
  /** Whether `count` new codes can be given without waiting. */
  hasRoom(count: number): boolean;
  /** Waits for more codes, neither long nor in a crowd. `late`: it is better to go on without. */
  more(): Promise<'given' | 'late' | 'failed'>;
  /** Code that the visit has. */
  knownCodeOf(visit: string): string | undefined;
  /** Code of a visit; undefined for a new one when there is none left. */
  codeOf(visit: string): string | undefined;
  /** What another process gave. Of two codes of a visit the smaller one is told from then on, by all. */
  learn(given: GivenCode): void;
}

export interface VisitCodesOptions {
  readonly patienceMs?: number;
  /** Is told what the other processes are to learn. */
  readonly tell?: ((given: GivenCode) => void) | undefined;
}

export function createVisitCodes(
  blocks: CodeBlocks,
  { patienceMs = usualPatienceMs, tell }: VisitCodesOptions = {},
): VisitCodes {
  const counters = new RecentUuids(maxVisits, 1);
  const room = new Room();
  let taking: Promise<void> | undefined;
  let waiting = 0;
  /** The block that is asked for did not come in time: nobody else waits for it. */
  let isLate = false;

  const takeBlock = async (): Promise<void> => {
    room.add(await blocks.take());
  };
  const startTaking = (): Promise<void> => {
    taking ??= takeBlock().finally(() => {
      taking = undefined;
      isLate = false;
    });
    return taking;
  };
  const knownCodeOf = (visit: string): string | undefined => {
    const place = counters.find(visit);
    return place === nowhere ? undefined : encodeVisitCode(counters.words[place] ?? 0);
  };
  return {
    hasRoom: (count) => room.left >= count,
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
      if (room.left === 0) return undefined;
      const counter = room.take();
      counters.words[counters.place(visit)] = counter;
      tell?.({ visit, counter });
      // Ahead of need, so that no request waits for the disk; what fails here is told to the request that finds no room.
      if (room.left === blockSize / 2) startTaking().catch(() => undefined);
      return encodeVisitCode(counter);
    },
    learn: ({ visit, counter }) => {
      const place = counters.place(visit);
      const own = counters.words[place] ?? 0;
      if (own === 0 || counter < own) counters.words[place] = counter;
      else if (own < counter) tell?.({ visit, counter: own });
    },
  };
}

/** Counters that are reserved and not given yet. */
class Room {
  left = 0;
  #next = 0;
  readonly #blocks: CodeBlock[] = [];

  add(block: CodeBlock): void {
    if (this.left === 0) this.#next = block.first;
    this.#blocks.push(block);
    this.left += block.end - block.first;
  }

  take(): number {
    if (this.#next === this.#blocks[0]?.end) {
      this.#blocks.shift();
      this.#next = this.#blocks[0]?.first ?? this.#next;
    }
    this.left -= 1;
    this.#next += 1;
    return this.#next - 1;
  }
}

import { failed, ok, type Result } from '../../domain/result.ts';
import { encodeVisitCode } from '../../domain/visit-code.ts';
import { BoundedMap } from '../bounded-map.ts';
import { blockSize, type CodeBlock, type CodeBlocks } from './code-blocks.ts';

const maxVisits = 200_000;

/** Short codes of visits, spoken on the phone. A visit may get a second code after a restart; both stay with its events. */
export interface VisitCodes {
  /** Whether `count` new codes can be given without waiting. */
  hasRoom(count: number): boolean;
  /** Makes room for `count` new codes. */
  reserve(count: number): Promise<Result<void, 'disk_error'>>;
  /** Code of a visit; for a new visit only while there is room. */
  codeOf(visit: string): string;
}

export function createVisitCodes(blocks: CodeBlocks): VisitCodes {
  const codes = new BoundedMap<string, string>(maxVisits);
  const room: CodeBlock[] = [];
  let left = 0;
  let next = 0;
  let taking: Promise<void> | undefined;

  const takeBlock = async (): Promise<void> => {
    const block = await blocks.take();
    if (left === 0) next = block.first;
    room.push(block);
    left += block.end - block.first;
  };
  const startTaking = (): Promise<void> => {
    taking ??= takeBlock().finally(() => {
      taking = undefined;
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
  return {
    hasRoom: (count) => left >= count,
    reserve: async (count) => {
      try {
        while (left < count) await startTaking();
        return ok(undefined);
      } catch {
        return failed('disk_error', 'visit codes', 'The counter of visit codes cannot be written: check the disk.');
      }
    },
    codeOf: (visit) => {
      const known = codes.get(visit);
      if (known !== undefined) return known;
      const code = encodeVisitCode(nextCounter());
      codes.set(visit, code);
      // Ahead of need, so that no request waits for the disk; what fails here is told to the request that finds no room.
      if (left === blockSize / 2) startTaking().catch(() => undefined);
      return code;
    },
  };
}

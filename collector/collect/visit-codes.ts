import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { failed, ok, type Result } from '../../domain/result.ts';
import { encodeVisitCode, maxVisitCounter } from '../../domain/visit-code.ts';
import type { WarehouseLogger } from '../../warehouse/logger.ts';
import { BoundedMap } from '../bounded-map.ts';
import { writeDurably } from '../write-durably.ts';

/** Five digits and a check digit at least: shorter ones would be met by chance in what people type. */
const firstCounter = 10_000;
const blockSize = 1000;
const maxVisits = 200_000;

/** A count that is lost goes on from somewhere here: beyond what most shops ever reach, and at random, as it may be lost again. */
const farCounters = [5_000_000, 9_000_000] as const;

/** Short codes of visits, spoken on the phone. A visit may get a second code after a restart; both stay with its events. */
export interface VisitCodes {
  /** Whether `count` new codes can be given without waiting. */
  hasRoom(count: number): boolean;
  /** Makes room for `count` new codes. */
  reserve(count: number): Promise<Result<void, 'disk_error'>>;
  /** Code of a visit; for a new visit only while there is room. */
  codeOf(visit: string): string;
}

export interface VisitCodesOptions {
  /** Where the count is kept. */
  readonly file: string;
  /** Whether codes may have been given before; asked only when the file is missing. */
  readonly wasCounting: () => Promise<boolean>;
  readonly logger: WarehouseLogger;
}

/** The counter of visit codes cannot be read; the message names it and says what to do. */
export class VisitCodesError extends Error {
  override readonly name = 'VisitCodesError';
}

/**
 * Opens the counter file. A block of counters is written down as used before the first of them is given, so that no code is
 * given twice whatever happens to the process. After ten million visits the counter begins anew. Throws VisitCodesError.
 */
export async function openVisitCodes(options: VisitCodesOptions): Promise<VisitCodes> {
  const { file } = options;
  const codes = new BoundedMap<string, string>(maxVisits);
  let next = await readCounter(options);
  let end = next;
  let reserving: Promise<void> | undefined;

  const reserveBlock = async (): Promise<void> => {
    if (end + blockSize > maxVisitCounter) {
      next = firstCounter;
      end = firstCounter;
    }
    await writeDurably(file, String(end + blockSize));
    end += blockSize;
  };
  const startReserving = (): Promise<void> => {
    reserving ??= reserveBlock().finally(() => {
      reserving = undefined;
    });
    return reserving;
  };
  return {
    hasRoom: (count) => end - next >= count,
    reserve: async (count) => {
      try {
        while (end - next < count) await startReserving();
        return ok(undefined);
      } catch {
        return failed('disk_error', file, 'The counter of visit codes cannot be written: check the disk.');
      }
    },
    codeOf: (visit) => {
      const known = codes.get(visit);
      if (known !== undefined) return known;
      const code = encodeVisitCode(next);
      next += 1;
      codes.set(visit, code);
      // Ahead of need, so that no request waits for the disk; what fails here is told to the request that finds no room.
      if (end - next === blockSize / 2) startReserving().catch(() => undefined);
      return code;
    },
  };
}

async function readCounter({ file, wasCounting, logger }: VisitCodesOptions): Promise<number> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new VisitCodesError(
      `${file}, the counter of visit codes, cannot be read (${error.code}): mend its rights, or the disk. If it is lost, move it away: the count then goes on far from the codes that were given.`,
    );
  });
  if (text === undefined && !(await wasCounting())) return firstCounter;
  const counter = Number(text);
  if (Number.isInteger(counter) && counter >= firstCounter && counter <= maxVisitCounter) return counter;
  const far = randomInt(...farCounters);
  const problem = text === undefined ? 'is missing' : 'does not hold a counter';
  logger.warn(
    { file, problem, next: far },
    'the count of visit codes is lost: it goes on far from the codes that were given',
  );
  return far;
}

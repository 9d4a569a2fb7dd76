import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { maxVisitCounter } from '../../domain/visit-code.ts';
import type { WarehouseLogger } from '../../warehouse/logger.ts';
import { writeDurably } from '../write-durably.ts';

/** Five digits and a check digit at least: shorter ones would be met by chance in what people type. */
const firstCounter = 10_000;
export const blockSize = 1000;

/** A count that is lost goes on from somewhere here: beyond what most shops ever reach, and at random, as it may be lost again. */
const farCounters = [5_000_000, 9_000_000] as const;

/** Counters of visit codes that are nobody else's: from `first` up to, and without, `end`. */
export interface CodeBlock {
  readonly first: number;
  readonly end: number;
}

export interface CodeBlocks {
  /** Rejects when the disk does not take it. */
  take(): Promise<CodeBlock>;
}

export interface CodeBlocksOptions {
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
 * Opens the counter file. A block is written down as used before it is given, so that no code is given twice whatever happens to the
 * processes that use them. After ten million visits the counter begins anew. Throws VisitCodesError.
 */
export async function openCodeBlocks(options: CodeBlocksOptions): Promise<CodeBlocks> {
  const { file } = options;
  let next = await readCounter(options);
  const takeBlock = async (): Promise<CodeBlock> => {
    const first = next + blockSize > maxVisitCounter ? firstCounter : next;
    const end = first + blockSize;
    await writeDurably(file, String(end));
    next = end;
    return { first, end };
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    take: () => {
      const block = last.then(takeBlock, takeBlock);
      last = block;
      return block;
    },
  };
}

async function readCounter({ file, wasCounting, logger }: CodeBlocksOptions): Promise<number> {
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

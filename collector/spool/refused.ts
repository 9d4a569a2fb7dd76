import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../write-durably.ts';
import { splitLines } from './lines.ts';
import { closedSegments, closedSuffix, spoolStreams } from './segment.ts';

const refusedFolder = 'refused';

/** Where the refused lines of a segment lie. */
export const refusedPath = (dir: string, segment: string): string => join(dir, refusedFolder, segment + closedSuffix);

/**
 * Puts what the database refused back into the queue: the reason may be gone, as after an upgrade. Returns the names of the segments.
 */
export async function requeueRefused(dir: string): Promise<string[]> {
  const segments = closedSegments(await readdir(join(dir, refusedFolder)).catch(() => []));
  const known = segments.filter((segment) => streamOf(segment) !== undefined);
  for (const segment of known) {
    const stream = streamOf(segment) ?? '';
    await mkdir(join(dir, stream), { recursive: true });
    await rename(refusedPath(dir, segment), join(dir, stream, segment + closedSuffix));
  }
  return known;
}

const streamOf = (segment: string) => spoolStreams.find((stream) => segment.startsWith(`${stream}-`));

/**
 * Name for the refused lines of a segment of which the rest was loaded: what is announced to the stages under the name of a segment
 * they take once, and nothing may be added to it later.
 */
export const nameOfRest = (segment: string): string => segment.replace(/-(\d+-\d+)$/, '.r-$1');

/** The same line as one of another segment. */
export function moveLine(line: Buffer, from: string, to: string): Buffer {
  const prefix = Buffer.from(`{"batch":"${from}"`);
  if (!line.subarray(0, prefix.length).equals(prefix)) return line;
  return Buffer.concat([Buffer.from(`{"batch":"${to}"`), line.subarray(prefix.length)]);
}

/** Keeps lines as a refused segment. They are on disk when it resolves. */
export const writeRefused = (dir: string, segment: string, lines: readonly Buffer[]): Promise<void> =>
  writeDurably(refusedPath(dir, segment), Buffer.concat(lines));

/** How many lines the database refused. */
export async function countRefused(dir: string): Promise<number> {
  const segments = closedSegments(await readdir(join(dir, refusedFolder)).catch(() => []));
  let lines = 0;
  for (const segment of segments) lines += splitLines(await readFile(refusedPath(dir, segment))).length;
  return lines;
}

import { mkdir, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { draftSuffix, writeDurably } from '../write-durably.ts';
import { splitLines } from './lines.ts';
import { closedSegments, closedSuffix, spoolStreams } from './segment.ts';
import { type Unreadable, unlessUnreadable } from './waiting.ts';

const refusedFolder = 'refused';

/** Where the refused lines of a segment lie. */
export const refusedPath = (dir: string, segment: string): string => join(dir, refusedFolder, segment + closedSuffix);

/**
 * Puts what the database refused back into the queue: the reason may be gone, as after an upgrade. Returns the names of the segments.
 */
export async function requeueRefused(dir: string): Promise<string[]> {
  const names = await readdir(join(dir, refusedFolder)).catch(() => []);
  // A process died while it wrote them: what they were to hold is in the queue still.
  for (const name of names) if (name.endsWith(draftSuffix)) await unlink(join(dir, refusedFolder, name));
  const segments = closedSegments(names);
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

/** How many lines the database refused; files that cannot be read are noted and not counted. */
export async function countRefused(dir: string, unreadable: Unreadable[]): Promise<number> {
  const folder = join(dir, refusedFolder);
  const names = await unlessUnreadable(folder, unreadable, () => readdir(folder));
  let lines = 0;
  for (const segment of closedSegments(names ?? [])) {
    const path = refusedPath(dir, segment);
    lines += splitLines((await unlessUnreadable(path, unreadable, () => readFile(path))) ?? Buffer.alloc(0)).length;
  }
  return lines;
}

import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
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
export async function writeRefused(dir: string, segment: string, lines: readonly Buffer[]): Promise<void> {
  await mkdir(join(dir, refusedFolder), { recursive: true });
  const path = refusedPath(dir, segment);
  const handle = await open(`${path}.draft`, 'w');
  try {
    await handle.writeFile(Buffer.concat(lines));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${path}.draft`, path);
  const folder = await open(join(dir, refusedFolder), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const newline = 0x0a;

/** The lines of a segment, each with its end. */
export async function readLines(path: string): Promise<Buffer[]> {
  const bytes = await readFile(path);
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(newline, start);
    const line =
      end === -1 ? Buffer.concat([bytes.subarray(start), Buffer.of(newline)]) : bytes.subarray(start, end + 1);
    if (line.length > 1) lines.push(line);
    start += line.length;
  }
  return lines;
}

/** How many lines the database refused. */
export async function countRefused(dir: string): Promise<number> {
  const segments = closedSegments(await readdir(join(dir, refusedFolder)).catch(() => []));
  let lines = 0;
  for (const segment of segments) lines += (await readLines(refusedPath(dir, segment))).length;
  return lines;
}

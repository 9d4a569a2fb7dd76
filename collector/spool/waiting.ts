import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { closedSegments, openSuffix, spoolStreams } from './segment.ts';

/** A segment that was acknowledged and is not in the database. */
export interface WaitingSegment {
  readonly path: string;
  /** When it was last written. */
  readonly sinceMs: number;
}

/** A file of the spool, or a folder, that the system does not let us read, with the code of its error. */
export interface Unreadable {
  readonly path: string;
  readonly code: string;
}

export interface Waiting {
  readonly segments: readonly WaitingSegment[];
  readonly unreadable: readonly Unreadable[];
}

/** Everything of a spool that waits for the database, read from beginning to end: a failing disk shows only so. */
export async function whatWaits(dir: string): Promise<Waiting> {
  const segments: WaitingSegment[] = [];
  const unreadable: Unreadable[] = [];
  for (const stream of spoolStreams) {
    const folder = join(dir, stream);
    const names = await unlessUnreadable(folder, unreadable, () => readdir(folder));
    for (const name of (names ?? []).filter(isSegment)) {
      const path = join(folder, name);
      const waiting = await unlessUnreadable(path, unreadable, () => readWaiting(path));
      if (waiting) segments.push(waiting);
    }
  }
  return { segments, unreadable };
}

/** What `read` gives; undefined when the path is gone or, as is then noted, cannot be read. */
export async function unlessUnreadable<Value>(
  path: string,
  unreadable: Unreadable[],
  read: () => Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code !== 'ENOENT') unreadable.push({ path, code });
    return undefined;
  }
}

const isSegment = (name: string): boolean => closedSegments([name]).length > 0 || name.endsWith(openSuffix);

async function readWaiting(path: string): Promise<WaitingSegment | undefined> {
  const [first] = await readFile(path);
  const { mtimeMs } = await stat(path);
  // Nothing is written yet, or into the room that was made for it.
  return first === undefined || first === 0 ? undefined : { path, sinceMs: mtimeMs };
}

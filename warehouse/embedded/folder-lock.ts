import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { tryFlock } from '../flock.ts';

/** Held by the process that may start a server on a folder, and by the server. */
export interface FolderLock {
  /** To be passed on to the server: the folder stays locked for as long as either of the two has it open. */
  readonly fd: number;
  release(): Promise<void>;
}

/**
 * Undefined while another process holds the folder. The engine's own lock is no judge between starters: a server that is refused by it has
 * emptied the folder of temporary files before, also of those that the queries of the other server were writing.
 */
export async function lockFolder(path: string): Promise<FolderLock | undefined> {
  const lockFile = join(path, 'server.lock');
  const file = await open(lockFile, 'a', 0o600);
  if (tryFlock(file.fd, lockFile)) return { fd: file.fd, release: () => file.close() };
  await file.close();
  return undefined;
}

import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isProcessAlive } from '../warehouse/embedded/process-alive.ts';
import type { Sleep } from './sleep.ts';

export interface LockOptions {
  /** The lock file; its folder is made. */
  readonly path: string;
  readonly sleep: Sleep;
  readonly signal?: AbortSignal;
  /** Called once when another process holds the lock and the wait begins. */
  readonly onWait?: (holder: LockHolder) => void;
}

export interface LockHolder {
  readonly pid: number;
  /** Start time of the process by the kernel; tells it from a later process of the same id, as after a container's restart. */
  readonly startedTicks: string;
  readonly since: string;
}

const pollMs = 200;

export const etlLockPath = (dataDir: string): string => join(dataDir, 'etl.lock');

/** Runs `work` while no other holder of the lock, in this process or another, runs theirs. A dead holder's lock is taken over. */
export async function withLock<Value>(options: LockOptions, work: () => Promise<Value>): Promise<Value> {
  const release = await takeLock(options);
  try {
    return await work();
  } finally {
    await release();
  }
}

/** Takes the lock for as long as the caller likes; the answer gives it back. What `onWait` throws ends the wait. */
export async function takeLock(options: LockOptions): Promise<() => Promise<void>> {
  await acquire(options);
  return () => unlink(options.path).catch(ignoreMissing);
}

async function acquire(options: LockOptions): Promise<void> {
  await mkdir(dirname(options.path), { recursive: true });
  let hasTold = false;
  while (!(await tryCreate(options.path))) {
    const holder = await readHolder(options.path);
    if (holder === undefined) continue;
    if (await isStale(holder)) {
      await removeStale(options);
      continue;
    }
    if (!hasTold) options.onWait?.(holder);
    hasTold = true;
    await options.sleep(pollMs, options.signal);
    options.signal?.throwIfAborted();
  }
}

/** A hard link appears whole or not at all, so that nobody ever reads a lock without its holder. */
async function tryCreate(path: string): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  const holder: LockHolder = {
    pid: process.pid,
    startedTicks: await startedTicks(process.pid),
    since: new Date().toISOString(),
  };
  await writeFile(draft, JSON.stringify(holder), { mode: 0o600 });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(draft);
  }
}

async function readHolder(path: string): Promise<LockHolder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as LockHolder;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new Error(`The lock file ${path} cannot be read; delete it when no throughline process runs.`, {
      cause: error,
    });
  }
}

async function isStale(holder: LockHolder): Promise<boolean> {
  if (!(await isProcessAlive(holder.pid))) return true;
  return (await startedTicks(holder.pid)) !== holder.startedTicks;
}

/**
 * Two processes may find the same dead lock, and the later one must not take the new lock of the earlier away: whoever takes over holds a
 * lock for that, under which nobody else does, and looks again. Should it die there, its own lock is taken over the same way.
 */
async function removeStale({ path, sleep, signal }: LockOptions): Promise<void> {
  const takeover = { path: `${path}.takeover`, sleep, ...(signal === undefined ? {} : { signal }) };
  await withLock(takeover, async () => {
    const holder = await readHolder(path);
    if (holder !== undefined && (await isStale(holder))) await unlink(path);
  });
}

/** Field 22 of /proc/<pid>/stat, counted after the command's closing bracket; empty where there is no /proc. */
async function startedTicks(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

function ignoreMissing(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error;
}

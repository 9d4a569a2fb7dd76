import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { tryFlock } from '../warehouse/flock.ts';
import type { Sleep } from './sleep.ts';

export interface LockOptions {
  /** The lock file; its folder is made. It stays when the lock is given back. */
  readonly path: string;
  readonly sleep: Sleep;
  readonly signal?: AbortSignal;
  /** Called once when another holds the lock and the wait begins. */
  readonly onWait?: (holder: LockHolder) => void;
}

const holderSchema = z.object({ pid: z.int(), host: z.string() });

/** Who holds the lock, to tell it: the process, and the machine or container that knows it by this number. */
export type LockHolder = z.infer<typeof holderSchema>;

const pollMs = 200;
/** Of one who holds the lock and has not said so yet. */
const unknownHolder: LockHolder = { pid: 0, host: '?' };

export const etlLockPath = (dataDir: string): string => join(dataDir, 'etl.lock');

/** Runs `work` while no other holder of the lock, in this process or another, runs theirs. */
export async function withLock<Value>(options: LockOptions, work: () => Promise<Value>): Promise<Value> {
  const release = await takeLock(options);
  try {
    return await work();
  } finally {
    await release();
  }
}

/**
 * Takes the lock for as long as the caller likes; the answer gives it back, and so does the end of the process. What `onWait` throws ends
 * the wait. Throws LockError where files cannot be locked.
 */
export async function takeLock(options: LockOptions): Promise<() => Promise<void>> {
  await mkdir(dirname(options.path), { recursive: true });
  const file = await open(options.path, 'a', 0o600);
  try {
    await waitFor(file, options);
  } catch (error) {
    await file.close();
    throw error;
  }
  await sayWho(file);
  return () => file.close();
}

/** Only a message needs it: on a full disk the lock holds without. */
async function sayWho(file: FileHandle): Promise<void> {
  const holder: LockHolder = { pid: process.pid, host: hostname() };
  try {
    await file.truncate();
    await file.write(JSON.stringify(holder));
  } catch {}
}

async function waitFor(file: FileHandle, { path, sleep, signal, onWait }: LockOptions): Promise<void> {
  for (let hasTold = false; !tryFlock(file.fd, path); hasTold = true) {
    if (!hasTold) onWait?.(await readHolder(path));
    await sleep(pollMs, signal);
    signal?.throwIfAborted();
  }
}

async function readHolder(path: string): Promise<LockHolder> {
  try {
    return holderSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return unknownHolder;
  }
}

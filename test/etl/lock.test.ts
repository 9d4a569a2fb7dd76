import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { etlLockPath, type LockHolder, withLock } from '../../etl/lock.ts';
import { systemSleep } from '../../etl/sleep.ts';

let dir: string;
let path: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'throughline-lock-'));
  path = etlLockPath(dir);
});
afterEach(() => rm(dir, { recursive: true }));

const lock = (onWait?: (holder: LockHolder) => void) => ({
  path,
  sleep: systemSleep,
  ...(onWait === undefined ? {} : { onWait }),
});

it('lets one holder work at a time and tells the others whom they wait for', async () => {
  const events: string[] = [];
  const waits: number[] = [];
  const told = new EventEmitter();
  const everybodyElseWaits = once(told, 'everybody');
  const onWait = ({ pid }: LockHolder): void => {
    waits.push(pid);
    if (waits.length === 2) told.emit('everybody');
  };
  const work = (name: string) => async (): Promise<void> => {
    events.push(`${name} begins`);
    await everybodyElseWaits;
    events.push(`${name} ends`);
  };
  await Promise.all(['a', 'b', 'c'].map((name) => withLock(lock(onWait), work(name))));
  expect(events.map((event) => event.slice(2))).toEqual(['begins', 'ends', 'begins', 'ends', 'begins', 'ends']);
  expect(waits).toEqual([process.pid, process.pid]);
});

it('is free again after work that fails', async () => {
  await expect(withLock(lock(), () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await withLock(lock(), async () => 'done')).toBe('done');
});

/** Takes the lock and keeps it until it is killed. */
const holdForEver = `
  const { takeLock } = await import(process.argv[1]);
  await takeLock({ path: process.argv[2], sleep: () => Promise.reject(new Error('not free')) });
  process.send('held');
  setInterval(() => undefined, 1000);
`;

it('is held by another process as long as that lives, whatever its file says, and free as soon as it is killed', async () => {
  const built = join(import.meta.dirname, '..', '..', 'dist', 'etl', 'lock.js');
  const child = spawn(process.execPath, ['--input-type=module', '-e', holdForEver, built, path], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  // As it looks from another container, where nobody knows the process by this number.
  await writeFile(path, JSON.stringify({ pid: 2 ** 30, host: 'another-container' }));
  const waitedFor: LockHolder[] = [];
  const held = withLock(
    lock((holder) => {
      waitedFor.push(holder);
      child.kill('SIGKILL');
    }),
    async () => 'done',
  );
  expect(await held).toBe('done');
  expect(waitedFor).toEqual([{ pid: 2 ** 30, host: 'another-container' }]);
});

it('does not read an unreadable file as a holder, and says who holds it when it is taken', async () => {
  await writeFile(path, '{"pid":');
  const held = await withLock(lock(), () => readFile(path, 'utf8'));
  expect(JSON.parse(held)).toEqual({ pid: process.pid, host: hostname() });
});

it('is not waited for after the wait is aborted', async () => {
  const stop = new AbortController();
  await withLock(lock(), async () => {
    const waiting = withLock(
      { ...lock(() => stop.abort(new Error('stopped'))), signal: stop.signal },
      async () => 'never',
    );
    await expect(waiting).rejects.toThrow('stopped');
  });
});

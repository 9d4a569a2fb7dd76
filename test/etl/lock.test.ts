import { fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
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
  expect(await readdir(dir)).toEqual([]);
});

it('is free again after work that fails', async () => {
  await expect(withLock(lock(), () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await withLock(lock(), async () => 'done')).toBe('done');
});

it('is taken over from a process that died', async () => {
  const child = fork('-e', [], { execArgv: ['-e', ''], stdio: 'ignore' });
  await once(child, 'exit');
  await writeFile(path, JSON.stringify({ pid: child.pid, startedTicks: '1', since: '2026-01-10T12:00:00Z' }));
  expect(await withLock(lock(), async () => 'done')).toBe('done');
});

it('is taken over from an earlier process that had the id of a running one', async () => {
  await writeFile(path, JSON.stringify({ pid: process.pid, startedTicks: '1', since: '2026-01-10T12:00:00Z' }));
  const held = await withLock(lock(), async () => JSON.parse(await readFile(path, 'utf8')));
  expect(held.startedTicks).not.toBe('1');
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

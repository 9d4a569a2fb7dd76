import { fork } from 'node:child_process';
import { once } from 'node:events';
import * as disk from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { withLock } from '../../etl/lock.ts';

/** Called after the lock's file was read, and after it was taken away. */
const steps = vi.hoisted(() => ({
  path: '',
  afterRead: async (_text: string): Promise<void> => undefined,
  afterGone: async (): Promise<void> => undefined,
}));

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof disk>();
  return {
    ...real,
    readFile: async (path: string, encoding: 'utf8') => {
      const text = await real.readFile(path, encoding);
      if (path === steps.path) await steps.afterRead(text);
      return text;
    },
    rename: async (from: string, to: string) => {
      await real.rename(from, to);
      if (from === steps.path) await steps.afterGone();
    },
    unlink: async (path: string) => {
      await real.unlink(path);
      if (path === steps.path) await steps.afterGone();
    },
  };
});

let dir: string;
let path: string;
beforeEach(async () => {
  dir = await disk.mkdtemp(join(tmpdir(), 'throughline-lock-'));
  path = join(dir, 'etl.lock');
  const dead = fork('-e', [], { execArgv: ['-e', ''], stdio: 'ignore' });
  await once(dead, 'exit');
  await disk.writeFile(path, JSON.stringify({ pid: dead.pid, startedTicks: '1', since: '2026-01-10T12:00:00Z' }));
  Object.assign(steps, { path, afterRead: async () => undefined, afterGone: async () => undefined });
});
afterEach(() => disk.rm(dir, { recursive: true }));

function signal() {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('one of two that found the same dead lock takes it over, and the other does not push it out when it comes late', async () => {
  const holders = { now: 0, most: 0 };
  const lateHasRead = signal();
  const earlyHolds = signal();
  const late = { isIn: false };
  const end = signal();
  let third: Promise<void> | undefined;
  const work = (began: () => void) => async (): Promise<void> => {
    holders.now += 1;
    holders.most = Math.max(holders.most, holders.now);
    began();
    await end.promise;
    holders.now -= 1;
  };
  const take = (began: () => void, onWait: () => void): Promise<void> =>
    withLock({ path, sleep: turn, onWait }, work(began));
  const takeThird = async (): Promise<void> => {
    const settled = signal();
    third ??= take(settled.resolve, settled.resolve);
    await settled.promise;
  };

  steps.afterRead = async () => {
    if (late.isIn) return;
    late.isIn = true;
    lateHasRead.resolve();
    await earlyHolds.promise;
  };
  const lateWaits = signal();
  const second = take(lateWaits.resolve, lateWaits.resolve);
  await lateHasRead.promise;
  const first = take(earlyHolds.resolve, earlyHolds.resolve);
  await earlyHolds.promise;
  steps.afterGone = async () => {
    if (holders.now > 0) await takeThird();
  };
  await Promise.race([lateWaits.promise, second]);
  await takeThird();
  end.resolve();
  await Promise.all([first, second, third]);
  expect(holders.most).toBe(1);
  expect(await disk.readdir(dir)).toEqual([]);
});

it('a dead lock is taken over although the process died that was taking it over before', async () => {
  await disk.copyFile(path, `${path}.takeover`);
  expect(await withLock({ path, sleep: turn }, async () => 'done')).toBe('done');
  expect(await disk.readdir(dir)).toEqual([]);
});

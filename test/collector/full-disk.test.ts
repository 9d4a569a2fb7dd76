import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { closedSegments } from '../../collector/spool/segment.ts';
import { diskFs, type SpoolFs } from '../../collector/spool/spool-fs.ts';
import { openSpool } from '../../collector/spool.ts';
import { silentLogger } from '../../warehouse/logger.ts';
import { fakeClock, longMs, pageview, readRows, startCollector, tempDir, uuid } from './support/test-collector.ts';

const megabyte = 1024 * 1024;
const diskError = (code: string) => Object.assign(new Error(code), { code });

/** A disk that a test fills, empties and locks. */
function testDisk() {
  const disk = { freeBytes: 1000 * megabyte, fault: undefined as string | undefined };
  const unlessFaulty = <Value>(work: () => Promise<Value>): Promise<Value> =>
    disk.fault === undefined ? work() : Promise.reject(diskError(disk.fault));
  const fs: SpoolFs = {
    ...diskFs,
    freeBytes: async () => disk.freeBytes,
    rename: (from, to) => unlessFaulty(() => diskFs.rename(from, to)),
    create: (path, roomBytes) =>
      unlessFaulty(async () => {
        const file = await diskFs.create(path, roomBytes);
        return { ...file, write: (bytes) => unlessFaulty(() => file.write(bytes)) };
      }),
  };
  return { disk, fs };
}

let dir: string;
beforeEach(async () => {
  dir = await tempDir();
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const post = (url: string, number: number): Promise<Response> =>
  fetch(`${url}/collect`, {
    method: 'POST',
    body: JSON.stringify({ site: 'demo', visitor: uuid(900), events: [pageview(number)] }),
  });

describe('a disk with less free than must stay free', () => {
  const options = (fs: SpoolFs) => ({ fs, minFreeBytes: 256 * megabyte, lookAtDiskMs: 5 });

  test('puts events off with 503 and Retry-After, and takes them by itself when there is room again', async () => {
    const { disk, fs } = testDisk();
    const collector = await startCollector({ dataDir: dir, spoolOptions: options(fs) });
    expect((await post(collector.url, 1)).status).toBe(200);
    disk.freeBytes = 255 * megabyte;
    await expect.poll(async () => (await post(collector.url, 2)).status).toBe(503);
    const refused = await post(collector.url, 3);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('almost full: free space there') });
    disk.freeBytes = 256 * megabyte;
    await expect.poll(async () => (await post(collector.url, 4)).status).toBe(200);
    const ids = (await collector.rows('events')).map(({ event_id }) => event_id);
    expect(ids).toContain(uuid(1));
    expect(ids).toContain(uuid(4));
    expect(ids).not.toContain(uuid(3));
    await collector.close();
  });

  test('is told once when it begins and once when it ends', async () => {
    const { disk, fs } = testDisk();
    disk.freeBytes = megabyte;
    const log: string[] = [];
    const logger = { ...silentLogger, error: () => log.push('short'), info: () => log.push('room') };
    const spool = await openSpool({ dir, clock: fakeClock(), logger, ...options(fs) });
    expect(await spool.append('events', ['{"a":1}'])).toMatchObject({ problem: { reason: 'disk_full' } });
    disk.freeBytes = 300 * megabyte;
    await expect.poll(async () => (await spool.append('events', ['{"a":1}'])).ok).toBe(true);
    expect(log).toEqual(['short', 'room']);
    await spool.closeAll();
  });

  test('lets what was taken before be closed and loaded, which makes room', async () => {
    const { disk, fs } = testDisk();
    const spool = await openSpool({ dir, clock: fakeClock(), maxSegmentAgeMs: longMs, ...options(fs) });
    await spool.append('events', ['{"a":1}']);
    disk.freeBytes = 0;
    await expect.poll(async () => (await spool.append('events', ['{"a":2}'])).ok).toBe(false);
    await spool.rotate();
    expect(closedSegments(await readdir(join(dir, 'events')))).toHaveLength(1);
    await spool.closeAll();
  });
});

describe.each([
  ['full', 'ENOSPC', 'is full'],
  ['read-only', 'EROFS', 'cannot be written (EROFS)'],
])('a disk that becomes %s', (_name, code, words) => {
  test('loses nothing that was answered with 200, answers 503 with Retry-After, and is taken to again by itself', async () => {
    const { disk, fs } = testDisk();
    const collector = await startCollector({ dataDir: dir, spoolOptions: { fs, maxSegmentAgeMs: 5 } });
    const acknowledged: string[] = [];
    const send = async (number: number): Promise<number> => {
      const answer = await post(collector.url, number);
      if (answer.status === 200) acknowledged.push(uuid(number));
      else expect(answer.headers.get('retry-after')).toBe('5');
      return answer.status;
    };
    for (const number of [1, 2, 3]) expect(await send(number)).toBe(200);
    disk.fault = code;
    for (const number of [4, 5]) expect(await send(number)).toBe(503);
    const refused = await post(collector.url, 6);
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining(words) });
    disk.fault = undefined;
    for (const number of [7, 8]) expect(await send(number)).toBe(200);
    await collector.close();
    const rows = await readRows(join(dir, 'spool', 'events'));
    expect(rows.map(({ event_id }) => event_id).sort()).toEqual(acknowledged.sort());
  });
});

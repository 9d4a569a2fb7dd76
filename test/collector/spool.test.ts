import { constants } from 'node:fs';
import { appendFile, cp, mkdir, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diskFs, type SpoolFile, type SpoolFs } from '../../collector/spool/spool-fs.ts';
import { openSpool, type SpoolOptions } from '../../collector/spool.ts';
import { silentLogger } from '../../warehouse/logger.ts';
import { fakeClock, longMs, nowMs, readRows, tempDir } from './support/test-collector.ts';

let dir: string;
beforeEach(async () => {
  dir = await tempDir();
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const open = (options: Partial<SpoolOptions> = {}) =>
  openSpool({ dir, clock: fakeClock(), worker: 'w', maxSegmentAgeMs: longMs, ...options });
const line = (number: number) => JSON.stringify({ number });
const segments = async () => (await readdir(join(dir, 'events'))).sort();
const numbers = async () => (await readRows(join(dir, 'events'))).map((row) => row.number);

/** A disk whose files do what `change` makes of them. */
const diskWith = (change: (file: SpoolFile) => Partial<SpoolFile>): SpoolFs => ({
  ...diskFs,
  create: async (path) => {
    const file = await diskFs.create(path);
    return { ...file, ...change(file) };
  },
});

const diskError = (code: string) => Object.assign(new Error(code), { code });

describe('appending', () => {
  test('puts the name of the segment first into every line', async () => {
    const spool = await open();
    await spool.append('events', [line(1), line(2)]);
    const name = `events-w-${nowMs}-000000`;
    const text = await readFile(join(dir, 'events', `${name}.open`), 'utf8');
    expect(text).toBe(`{"batch":"${name}","number":1}\n{"batch":"${name}","number":2}\n`);
    await spool.closeAll();
  });

  test('resolves only after the bytes are synced', async () => {
    const done: string[] = [];
    const fs = diskWith((file) => ({
      write: async (bytes) => {
        await file.write(bytes);
        done.push('synced');
      },
    }));
    const spool = await open({ fs });
    await spool.append('events', [line(1)]).then(() => done.push('acknowledged'));
    expect(done).toEqual(['synced', 'acknowledged']);
    await spool.closeAll();
  });

  test('resolves only after the name of a new segment is synced too', async () => {
    const done: string[] = [];
    const syncDirectory = async (path: string): Promise<void> => {
      await diskFs.syncDirectory(path);
      done.push(`synced ${await readdir(path)}`);
    };
    const spool = await open({ fs: { ...diskFs, syncDirectory } });
    for (const number of [1, 2]) await spool.append('events', [line(number)]).then(() => done.push('acknowledged'));
    expect(done).toEqual([`synced events-w-${nowMs}-000000.open`, 'acknowledged', 'acknowledged']);
    await spool.closeAll();
  });

  test('shares one sync among everything that arrived during the one before', async () => {
    let syncs = 0;
    const fs = diskWith((file) => ({
      write: (bytes) => {
        syncs += 1;
        return file.write(bytes);
      },
    }));
    const spool = await open({ fs });
    const first = spool.append('events', [line(0)]);
    await new Promise((resolve) => setImmediate(resolve));
    const rest = Array.from({ length: 500 }, (_, index) => spool.append('events', [line(index + 1)]));
    await Promise.all([first, ...rest]);
    expect(syncs).toBe(2);
    await spool.closeAll();
    expect(await numbers()).toEqual(Array.from({ length: 501 }, (_, index) => index));
  });

  test('gives the disk the next group before the last one is answered', async () => {
    const done: string[] = [];
    const fs = diskWith((file) => ({
      write: (bytes) => {
        done.push('write');
        return file.write(bytes);
      },
    }));
    const spool = await open({ fs });
    const append = (number: number) => spool.append('events', [line(number)]).then(() => done.push(`answer ${number}`));
    const first = append(1);
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([first, append(2)]);
    expect(done).toEqual(['write', 'write', 'answer 1', 'answer 2']);
    await spool.closeAll();
  });

  test.runIf(platform() === 'linux')('writes to files whose every write the kernel syncs', async () => {
    const path = join(dir, 'synced');
    const file = await diskFs.create(path);
    const flags: number[] = [];
    for (const fd of await readdir('/proc/self/fd')) {
      if ((await readlink(`/proc/self/fd/${fd}`).catch(() => '')) !== path) continue;
      const info = await readFile(`/proc/self/fdinfo/${fd}`, 'utf8');
      flags.push(Number.parseInt(/^flags:\s*(\d+)/m.exec(info)?.[1] ?? '', 8));
    }
    await file.close();
    expect(flags.map((flag) => flag & constants.O_DSYNC)).toEqual([constants.O_DSYNC]);
  });

  test('goes on when an append follows at once on the end of another', async () => {
    const spool = await open();
    for (let number = 0; number < 200; number += 1) {
      expect((await spool.append('events', [line(number)])).ok).toBe(true);
    }
    await spool.closeAll();
    expect(await numbers()).toHaveLength(200);
  });

  test('keeps the lines of one append in one segment, and each line whole, under concurrency', async () => {
    const spool = await open({ maxSegmentBytes: 2000 });
    const appendOne = async (append: number) => {
      for (let round = 0; round < 5; round += 1) {
        const lines = Array.from({ length: 7 }, (_, index) =>
          JSON.stringify({ append, round, index, pad: 'ж'.repeat(50) }),
        );
        expect((await spool.append('events', lines)).ok).toBe(true);
      }
    };
    await Promise.all(Array.from({ length: 40 }, (_, append) => appendOne(append)));
    await spool.closeAll();
    const rows = await readRows(join(dir, 'events'));
    expect(rows).toHaveLength(40 * 5 * 7);
    const segmentsOf = new Map<string, Set<unknown>>();
    for (const row of rows) {
      const key = `${row.append} ${row.round}`;
      segmentsOf.set(key, (segmentsOf.get(key) ?? new Set()).add(row.batch));
    }
    expect([...segmentsOf.values()].every((batches) => batches.size === 1)).toBe(true);
    expect((await segments()).length).toBeGreaterThan(1);
  });

  test('is refused as overloaded while too much waits for the disk', async () => {
    const spool = await open({ maxPendingBytes: 20 });
    const first = spool.append('events', [line(1)]);
    const second = await spool.append('events', [line(2)]);
    expect(second).toMatchObject({ ok: false, problem: { reason: 'overloaded' } });
    expect((await first).ok).toBe(true);
    expect((await spool.append('events', [line(3)])).ok).toBe(true);
    await spool.closeAll();
    expect(await numbers()).toEqual([1, 3]);
  });

  test('is refused after the end', async () => {
    const spool = await open();
    await spool.closeAll();
    expect(await spool.append('events', [line(1)])).toMatchObject({ ok: false, problem: { reason: 'closed' } });
  });
});

describe('a segment is closed', () => {
  test('when it has reached its size', async () => {
    const spool = await open({ maxSegmentBytes: 10 });
    await spool.append('events', [line(1)]);
    await spool.append('events', [line(2)]);
    await spool.closeAll();
    expect(await segments()).toEqual([`events-w-${nowMs}-000000.ndjson`, `events-w-${nowMs}-000001.ndjson`]);
  });

  test('when it has reached its age', async () => {
    const spool = await open({ maxSegmentAgeMs: 20 });
    await spool.append('events', [line(1)]);
    await expect.poll(segments).toEqual([`events-w-${nowMs}-000000.ndjson`]);
    await spool.closeAll();
  });

  test('at the end, after everything that waits is written', async () => {
    const spool = await open();
    const waiting = spool.append('events', [line(1)]);
    await spool.closeAll();
    expect((await waiting).ok).toBe(true);
    expect(await segments()).toEqual([`events-w-${nowMs}-000000.ndjson`]);
  });

  test('on demand, and the next append begins another', async () => {
    const spool = await open();
    await spool.append('events', [line(1)]);
    await spool.rotate();
    expect(await segments()).toEqual([`events-w-${nowMs}-000000.ndjson`]);
    await spool.append('events', [line(2)]);
    expect(await segments()).toHaveLength(2);
    await spool.closeAll();
  });
});

describe('under load', () => {
  const lines = (from: number) =>
    Array.from({ length: 3000 }, (_, index) => JSON.stringify({ number: from + index, pad: 'x'.repeat(100) }));
  const all = (count: number) => Array.from({ length: count }, (_, index) => index);
  const name = (counter: number) => `events-w-${nowMs}-00000${counter}`;

  test('the next segment is made ready with room in it, and holds its lines alone once it is closed', async () => {
    const spool = await open();
    await spool.append('events', lines(0));
    await spool.rotate();
    await spool.append('events', [line(3000)]);
    expect(await segments()).toEqual([`${name(0)}.ndjson`, `${name(1)}.open`]);
    expect((await stat(join(dir, 'events', `${name(1)}.open`))).size).toBeGreaterThan(500_000);
    await spool.closeAll();
    expect(await segments()).toEqual([`${name(0)}.ndjson`, `${name(1)}.ndjson`]);
    expect(await readFile(join(dir, 'events', `${name(1)}.ndjson`), 'utf8')).toBe(
      `{"batch":"${name(1)}","number":3000}\n`,
    );
    expect(await numbers()).toEqual(all(3001));
  });

  test('what was made ready and not used is gone at the end', async () => {
    const spool = await open();
    await spool.append('events', lines(0));
    await spool.closeAll();
    expect(await segments()).toEqual([`${name(0)}.ndjson`]);
  });

  test('what a process leaves that dies is read without the room, and a segment of nothing but room is gone', async () => {
    const spool = await open();
    await spool.append('events', lines(0));
    await spool.rotate();
    await spool.append('events', lines(3000));
    const copy = await tempDir();
    await cp(dir, copy, { recursive: true });
    await spool.closeAll();
    const next = await openSpool({ dir: copy, clock: fakeClock(), worker: 'next' });
    const rows = await readRows(join(copy, 'events'));
    expect(rows.map((row) => row.number)).toEqual(all(6000));
    expect((await readdir(join(copy, 'events'))).filter((name) => name.endsWith('.open'))).toEqual([]);
    await next.closeAll();
    await rm(copy, { recursive: true });
  });
});

describe('a disk that fails', () => {
  const failures: [string, string, (file: SpoolFile) => Partial<SpoolFile>][] = [
    [
      'halfway through a write',
      'disk_full',
      (file) => ({
        write: async (bytes) => {
          await file.write(bytes.subarray(0, Math.ceil(bytes.length / 2)));
          throw diskError('ENOSPC');
        },
      }),
    ],
    [
      'in the sync',
      'disk_error',
      (file) => ({
        write: async (bytes) => {
          await file.write(bytes);
          throw diskError('EIO');
        },
      }),
    ],
  ];

  test.each(failures)('%s refuses the whole group as %s and spoils no later line', async (_name, reason, failing) => {
    let isFailing = false;
    const fs = diskWith((file) => ({
      write: (bytes) => (isFailing ? { ...file, ...failing(file) } : file).write(bytes),
    }));
    const spool = await open({ fs });
    await spool.append('events', [line(1)]);
    isFailing = true;
    const refused = await Promise.all([spool.append('events', [line(2)]), spool.append('events', [line(3)])]);
    expect(refused).toMatchObject([
      { ok: false, problem: { reason } },
      { ok: false, problem: { reason } },
    ]);
    isFailing = false;
    expect((await spool.append('events', [line(4)])).ok).toBe(true);
    await spool.closeAll();
    expect(await numbers()).toEqual([1, 4]);
  });

  test('even for the cutting takes nothing until the tail is cut', async () => {
    let isFailing = false;
    const fail = <Value>(action: () => Promise<Value>) => (isFailing ? Promise.reject(diskError('EIO')) : action());
    const fs = diskWith((file) => ({
      write: async (bytes) => {
        await file.write(isFailing ? bytes.subarray(0, 5) : bytes);
        return fail(() => Promise.resolve());
      },
      truncate: (bytes) => fail(() => file.truncate(bytes)),
    }));
    const spool = await open({ fs });
    await spool.append('events', [line(1)]);
    isFailing = true;
    for (const number of [2, 3]) expect((await spool.append('events', [line(number)])).ok).toBe(false);
    isFailing = false;
    expect((await spool.append('events', [line(4)])).ok).toBe(true);
    await spool.closeAll();
    expect(await numbers()).toEqual([1, 4]);
  });

  test('in making the file refuses the append', async () => {
    const spool = await open({ fs: { ...diskFs, create: () => Promise.reject(diskError('EACCES')) } });
    expect(await spool.append('events', [line(1)])).toMatchObject({ ok: false, problem: { reason: 'disk_error' } });
    await spool.closeAll();
  });
});

describe('after a crash', () => {
  const leave = async (text: string) => {
    await mkdir(join(dir, 'events'), { recursive: true });
    await writeFile(join(dir, 'events', 'events-old-1-000000.open'), text);
  };

  test.each([
    ['half a line', '{"batch":"b","num'],
    ['zeros', '\0'.repeat(4096)],
    ['zeros and a line feed', `${'\0'.repeat(100)}\n`],
  ])('%s at the end is dropped and the rest is closed for loading', async (_name, tail) => {
    await leave(`{"batch":"b","number":1}\n{"batch":"b","number":2}\n${tail}`);
    const spool = await open();
    expect(await segments()).toEqual(['events-old-1-000000.ndjson']);
    expect(await numbers()).toEqual([1, 2]);
    await spool.closeAll();
  });

  test.each([
    ['nothing', ''],
    ['half a line alone', '{"ba'],
  ])('a segment with %s is removed', async (_name, text) => {
    await leave(text);
    const spool = await open();
    expect(await segments()).toEqual([]);
    await spool.closeAll();
  });

  /** Two lines that were acknowledged, then a group of sixty that a power cut tore. */
  const acknowledged = '{"batch":"b","number":1}\n{"batch":"b","number":2}\n';
  const group = Array.from({ length: 60 }, (_, index) => `{"batch":"b","number":${100 + index}}\n`);

  test.each([
    ['zeros from within a line to within another', 5 * 27 + 4, 9 * 27 + 11, 5, 10],
    ['zeros for whole lines', 5 * 27, 8 * 27, 5, 9],
    ['zeros at its beginning', 0, 3 * 27 + 1, 0, 4],
  ])('a hole of %s leaves the whole lines before and behind it', async (_name, from, to, before, after) => {
    const torn = Buffer.from(group.join('')).fill(0, from, to);
    await leave(acknowledged + torn.toString('latin1'));
    const spool = await open();
    expect(await segments()).toEqual(['events-old-1-000000.ndjson']);
    const kept = [...group.keys()].filter((index) => index < before || index >= after);
    expect(await numbers()).toEqual([1, 2, ...kept.map((index) => 100 + index)]);
    await spool.closeAll();
  });

  test('a line whose beginning or end the hole swallowed is no line, although what is left may be JSON', async () => {
    await leave(`${acknowledged}{"number":3}\n["batch"]\n\n7\n{"batch":"b","number":4}\n`);
    const spool = await open();
    expect(await numbers()).toEqual([1, 2, 4]);
    await spool.closeAll();
  });

  test('the mending of a segment that was itself broken off begins anew', async () => {
    await leave(`${acknowledged}\0\0\n${group.join('')}`);
    await writeFile(join(dir, 'events', 'events-old-1-000000.open.mended'), '{"batch":"b","num');
    const spool = await open();
    expect(await segments()).toEqual(['events-old-1-000000.ndjson']);
    expect(await numbers()).toHaveLength(62);
    await spool.closeAll();
  });

  test('a segment that cannot be read is left and told, and the others are closed', async () => {
    await leave('{"batch":"b","number":1}\n');
    const file = join(dir, 'events', 'events-bad-1-000000.open');
    await mkdir(file);
    const told: object[] = [];
    const spool = await open({ logger: { ...silentLogger, error: (fields) => told.push(fields) } });
    expect(await segments()).toEqual(['events-bad-1-000000.open', 'events-old-1-000000.ndjson']);
    expect(told).toEqual([{ file, problem: expect.stringContaining('EISDIR') }]);
    await spool.closeAll();
  });

  test('what was closed before stays as it is', async () => {
    await leave('');
    const closed = join(dir, 'events', 'events-old-0-000000.ndjson');
    await appendFile(closed, '{"batch":"b","number":1}\n');
    const spool = await open();
    expect(await segments()).toEqual(['events-old-0-000000.ndjson']);
    await spool.closeAll();
  });

  test('names of segments are new although the clock says the same', async () => {
    const names = new Set<string>();
    for (let start = 0; start < 3; start += 1) {
      const spool = await openSpool({ dir, clock: fakeClock() });
      await spool.append('events', [line(start)]);
      await spool.closeAll();
      for (const name of await segments()) names.add(name);
      await rm(join(dir, 'events'), { recursive: true });
    }
    expect(names.size).toBe(3);
  });
});

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLoader, type LoaderOptions } from '../../collector/loader.ts';
import { openSpool, type Spool } from '../../collector/spool.ts';
import { silentLogger } from '../../warehouse/logger.ts';
import { WarehouseError, type WarehouseErrorKind } from '../../warehouse/warehouse-error.ts';
import { fakeClock, nowMs, readRows, tempDir } from './support/test-collector.ts';

let dir: string;
let spool: Spool;
beforeEach(async () => {
  dir = await tempDir();
  spool = await openSpool({ dir, clock: fakeClock(), worker: 'w', maxSegmentBytes: 1 });
});
afterEach(async () => {
  await spool.closeAll();
  await rm(dir, { recursive: true, force: true });
});

/** A warehouse in memory that fails as the queue of failures says. */
function fakeWarehouse() {
  const inserted: { table: string; numbers: unknown[]; token: string }[] = [];
  const batches: object[] = [];
  const failures: (WarehouseErrorKind | undefined)[] = [];
  const warehouse: LoaderOptions['warehouse'] = {
    command: async () => {},
    query: async () => [],
    insertLines: async (table, lines, token) => {
      const rows = (await text(lines)).split('\n').filter((line) => line !== '');
      const kind = failures.shift();
      if (kind) throw new WarehouseError('refused', { kind });
      inserted.push({ table, token, numbers: rows.map((row) => JSON.parse(row).number) });
    },
    insertRows: async (_table, rows) => {
      const kind = failures.shift();
      if (kind) throw new WarehouseError('refused', { kind });
      batches.push(...rows);
    },
  };
  return { warehouse, inserted, batches, failures };
}

const loaderOf = (warehouse: LoaderOptions['warehouse'], options: Partial<LoaderOptions> = {}) =>
  createLoader({
    project: 'shop',
    dir,
    warehouse,
    logger: silentLogger,
    clock: fakeClock(),
    pollMs: 1,
    retryMs: 1,
    ...options,
  });

const append = async (number: number) => {
  await spool.append('events', [JSON.stringify({ number })]);
  await spool.rotate();
};
const segment = (counter: number) => `events-w-${nowMs}-00000${counter}`;

test('segments are loaded in their order, entered in raw_batches and deleted', async () => {
  const { warehouse, inserted, batches } = fakeWarehouse();
  for (const number of [1, 2]) await append(number);
  expect(await loaderOf(warehouse).drain()).toBe(true);
  expect(inserted).toEqual([
    { table: 'raw_events', token: segment(0), numbers: [1] },
    { table: 'raw_events', token: segment(1), numbers: [2] },
  ]);
  expect(batches).toEqual([
    { project: 'shop', batch: segment(0), kind: 'events', rows: 1 },
    { project: 'shop', batch: segment(1), kind: 'events', rows: 1 },
  ]);
  expect(await readRows(join(dir, 'events'))).toEqual([]);
});

test('records and rejected go to their tables, rejected without a batch', async () => {
  const { warehouse, inserted, batches } = fakeWarehouse();
  await spool.append('records', ['{"number":1}']);
  await spool.append('rejected', ['{"number":2}']);
  await spool.rotate();
  await loaderOf(warehouse).drain();
  expect(inserted.map(({ table, numbers }) => [table, numbers])).toEqual([
    ['raw_records', [1]],
    ['rejected', [2]],
  ]);
  expect(batches).toMatchObject([{ kind: 'records', rows: 1 }]);
});

test('a segment that is still open is left alone', async () => {
  const { warehouse, inserted } = fakeWarehouse();
  const other = await openSpool({ dir: join(dir, 'other'), clock: fakeClock() });
  await other.append('events', ['{"number":1}']);
  await loaderOf(warehouse, { dir: join(dir, 'other') }).drain();
  expect(inserted).toEqual([]);
  await other.closeAll();
});

test('while ClickHouse is away nothing is lost and nothing overtakes', async () => {
  const { warehouse, inserted, failures } = fakeWarehouse();
  for (const number of [1, 2]) await append(number);
  failures.push('unreachable', 'timeout');
  const loader = loaderOf(warehouse);
  expect(await loader.drain()).toBe(false);
  expect(await loader.drain()).toBe(false);
  expect(await loader.drain()).toBe(true);
  expect(inserted.map(({ numbers }) => numbers)).toEqual([[1], [2]]);
});

test('a segment is loaded again under the same token when its entry in raw_batches failed', async () => {
  const { warehouse, inserted, batches, failures } = fakeWarehouse();
  await append(1);
  failures.push(undefined, 'unreachable');
  const loader = loaderOf(warehouse);
  expect(await loader.drain()).toBe(false);
  expect(await loader.drain()).toBe(true);
  expect(inserted.map(({ token }) => token)).toEqual([segment(0), segment(0)]);
  expect(batches).toHaveLength(1);
});

test('a malformed segment is put aside and those behind it are loaded', async () => {
  const { warehouse, inserted, failures } = fakeWarehouse();
  for (const number of [1, 2]) await append(number);
  failures.push('bad-data');
  expect(await loaderOf(warehouse).drain()).toBe(true);
  expect(inserted.map(({ numbers }) => numbers)).toEqual([[2]]);
  expect(await readRows(join(dir, 'refused'))).toMatchObject([{ number: 1 }]);
});

test('whatever ails the server is waited out, however often it refuses', async () => {
  const { warehouse, inserted, failures } = fakeWarehouse();
  await append(1);
  const kinds = ['rejected', 'denied', 'missing', 'memory', 'busy', 'disk-full', 'cancelled'] as const;
  for (let time = 0; time < 5; time += 1) failures.push(...kinds);
  const loader = loaderOf(warehouse);
  let passes = 1;
  while (!(await loader.drain())) passes += 1;
  expect(passes).toBe(36);
  expect(inserted.map(({ numbers }) => numbers)).toEqual([[1]]);
});

test('a running loader takes what is closed later and tells so', async () => {
  const { warehouse, inserted, failures } = fakeWarehouse();
  failures.push('unreachable');
  const loaded: number[] = [];
  const loader = loaderOf(warehouse, { onLoaded: () => loaded.push(1) });
  loader.start();
  await append(1);
  await expect.poll(() => inserted.length).toBe(1);
  await append(2);
  await expect.poll(() => inserted.length).toBe(2);
  await loader.stop();
  expect(loaded).toHaveLength(2);
});

test.each(['events', 'records'])(
  'what cannot be read in %s is left, told and tried again; all the rest goes on',
  async (stream) => {
    const { warehouse, inserted } = fakeWarehouse();
    const clock = fakeClock();
    const told: object[] = [];
    const logger = { ...silentLogger, error: (fields: object) => told.push(fields) };
    const file = join(dir, stream, `${stream}-bad-1-000000.ndjson`);
    await mkdir(file);
    const loader = loaderOf(warehouse, { clock, logger });
    await append(1);
    await spool.append('rejected', ['{"number":2}']);
    await spool.rotate();
    expect(await loader.drain()).toBe(true);
    await append(3);
    expect(await loader.drain()).toBe(true);
    expect(inserted.map(({ numbers }) => numbers)).toEqual([[1], [2], [3]]);
    expect(told).toEqual([{ file, problem: expect.stringContaining('EISDIR') }]);
    await rm(file, { recursive: true });
    await writeFile(file, '{"number":4}');
    await loader.drain();
    expect(inserted).toHaveLength(3);
    clock.nowMs += 30_001;
    await loader.drain();
    expect(inserted.at(-1)?.numbers).toEqual([4]);
  },
);

test('a clock that is set back leaves a file alone no longer than before', async () => {
  const { warehouse, inserted } = fakeWarehouse();
  const clock = fakeClock();
  const file = join(dir, 'events', 'events-bad-1-000000.ndjson');
  await mkdir(file);
  const loader = loaderOf(warehouse, { clock });
  await loader.drain();
  await rm(file, { recursive: true });
  await writeFile(file, '{"number":4}');
  clock.nowMs -= 3_600_000;
  await loader.drain();
  expect(inserted.map(({ numbers }) => numbers)).toEqual([[4]]);
  expect(loader.stats()).toEqual({ loaded: 1, failed: 1 });
});

test('a last line without its end is counted where the segment is announced', async () => {
  const { warehouse, batches } = fakeWarehouse();
  await writeFile(join(dir, 'events', 'events-w-1-000000.ndjson'), '{"number":1}');
  await loaderOf(warehouse).drain();
  expect(batches).toMatchObject([{ batch: 'events-w-1-000000', rows: 1 }]);
});

import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLoader, type LoaderOptions } from '../../collector/loader.ts';
import { openSpool, type Spool } from '../../collector/spool.ts';
import { silentLogger } from '../../warehouse/logger.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { WarehouseError } from '../../warehouse/warehouse-error.ts';
import { testWarehouse } from '../support/clickhouse.ts';
import { fakeClock, longMs, nowMs, readRows, tempDir, uuid } from './support/test-collector.ts';

let warehouse: Warehouse;
let dir: string;
let spool: Spool;
let shops = 0;
let project: string;
beforeAll(async () => {
  warehouse = await testWarehouse();
});
beforeEach(async () => {
  shops += 1;
  project = `shop-${shops}`;
  dir = await tempDir();
  spool = await openSpool({ dir, clock: fakeClock(), worker: project, maxSegmentAgeMs: longMs });
});
afterEach(async () => {
  await spool.closeAll();
  await rm(dir, { recursive: true, force: true });
});

/** A process of its own. */
const loaderOf = (over: Partial<LoaderOptions['warehouse']> = {}) =>
  createLoader({
    project,
    dir,
    warehouse: {
      insertLines: (table, lines, token) => warehouse.insertLines(table, lines, token),
      insertRows: (table, rows, token) => warehouse.insertRows(table, rows, token),
      command: (sql, params) => warehouse.command(sql, params),
      query: (sql, params) => warehouse.query(sql, params),
      ...over,
    },
    logger: silentLogger,
    clock: fakeClock(),
  });

/** A process of a version that can take a row after all. */
const upgraded = (id: string) =>
  loaderOf({
    insertLines: async (table, lines, token) => {
      const rows = (await text(lines)).split('\n').filter((row) => row !== '');
      const mended = rows.map((row) => (row.includes(id) ? row.replace('"no number"', '2') : row));
      await warehouse.insertLines(table, Readable.from([`${mended.join('\n')}\n`], { objectMode: false }), token);
    },
  });

const line = (number: number, more: object = {}) =>
  JSON.stringify({
    project,
    event_id: uuid(number),
    visitor_id: uuid(900),
    occurred_at: '2026-01-15T12:00:00.000Z',
    ...more,
  });
const bad = (number: number) => line(number, { visit_code: 'no number' });
const append = async (...lines: readonly string[]) => {
  await spool.append('events', lines);
  await spool.rotate();
};
const segment = (worker: string, counter = 0) => `events-${worker}-${nowMs}-00000${counter}`;
const numbersOf = (rows: readonly { readonly event_id?: unknown }[]) =>
  rows.map(({ event_id }) => Number(String(event_id).slice(-6)));
const read = <Row>(table: string, columns: string) =>
  warehouse.query<Row>(`SELECT ${columns} FROM ${table} FINAL WHERE project = {project:String} ORDER BY ALL`, {
    project,
  });
const loaded = async () =>
  numbersOf(
    await warehouse.query<{ event_id: string }>(
      'SELECT event_id FROM raw_events WHERE project = {project:String} ORDER BY event_id',
      { project },
    ),
  );
const batches = () => read<{ batch: string; rows: string }>('raw_batches', 'batch, rows');
const refused = async () => numbersOf(await readRows(join(dir, 'refused')).catch(() => []));
const told = () => read('rejected', "entity, reason, place, batch, JSONExtractString(payload, 'event_id') AS id");

test('of a segment with bad rows every good row is loaded once, and each bad one is kept and told', async () => {
  await append(line(1), line(2), bad(3), line(4), line(5), line(6), bad(7), line(8));
  await append(line(9));
  expect(await loaderOf().drain()).toBe(true);
  expect(await loaded()).toEqual([1, 2, 4, 5, 6, 8, 9]);
  expect(await batches()).toEqual([
    { batch: segment(project), rows: '6' },
    { batch: segment(project, 1), rows: '1' },
  ]);
  expect(await refused()).toEqual([3, 7]);
  const rest = segment(`${project}.r`);
  const row = { entity: 'event', reason: 'refused_by_database', batch: rest };
  expect(await told()).toEqual([
    { ...row, place: `${rest}.ndjson:1`, id: uuid(3) },
    { ...row, place: `${rest}.ndjson:2`, id: uuid(7) },
  ]);
});

test('what was refused is tried again at the next start, as a batch that the stages have not taken', async () => {
  await append(line(1), bad(2), bad(3), line(4));
  const first = loaderOf();
  for (let pass = 0; pass < 2; pass += 1) await first.drain();
  expect(await refused()).toEqual([2, 3]);

  await upgraded(uuid(2)).drain();
  expect(await loaded()).toEqual([1, 2, 4]);
  expect(await refused()).toEqual([3]);
  expect(await batches()).toEqual([
    { batch: segment(project), rows: '2' },
    { batch: segment(`${project}.r`), rows: '1' },
  ]);
  expect(await told()).toMatchObject([{ id: uuid(3), batch: segment(`${project}.r.r`) }]);
});

test('a segment without a good row is kept as it is, is not announced, and is told once however often it is tried', async () => {
  await append(bad(1), bad(2));
  for (let start = 0; start < 3; start += 1) {
    const loader = loaderOf();
    for (let pass = 0; pass < 2; pass += 1) expect(await loader.drain()).toBe(true);
  }
  expect(await refused()).toEqual([1, 2]);
  expect(await readdir(join(dir, 'refused'))).toEqual([`${segment(project)}.ndjson`]);
  expect(await told()).toHaveLength(2);
  expect(await batches()).toEqual([]);
});

test('what was put back into the queue by a process that died is told once, and no more when it is taken', async () => {
  await append(bad(1), bad(2));
  await loaderOf().drain();
  const name = `${segment(project)}.ndjson`;
  const dieAfterRequeue = () => rename(join(dir, 'refused', name), join(dir, 'events', name));
  await dieAfterRequeue();
  await writeFile(join(dir, 'refused', `${name}.draft`), 'half');
  await loaderOf().drain();
  expect(await told()).toHaveLength(2);
  expect(await readdir(join(dir, 'refused'))).toEqual([name]);
  await dieAfterRequeue();
  await upgraded(uuid(1)).drain();
  expect(await loaded()).toEqual([1]);
  expect(await told()).toMatchObject([{ id: uuid(2), batch: segment(`${project}.r`) }]);
});

test('zeros that a power cut left at the end of a closed segment are no row', async () => {
  const names = ['one', 'bad', 'room'].map((worker) =>
    join(dir, 'events', `${segment(`${project}-${worker}`)}.ndjson`),
  );
  const zeros = '\0'.repeat(4096);
  const texts = [`${line(1)}\n${zeros}`, `${line(2)}\n${bad(3)}\n${zeros}`, zeros];
  for (const [index, name] of names.entries()) await writeFile(name, texts[index] ?? '');
  expect(await loaderOf().drain()).toBe(true);
  expect(await loaded()).toEqual([1, 2]);
  expect((await batches()).map(({ rows }) => rows)).toEqual(['1', '1']);
  expect(await told()).toMatchObject([{ id: uuid(3) }]);
  expect(await readdir(join(dir, 'refused'))).toHaveLength(1);
  expect(await readdir(join(dir, 'events'))).toEqual([]);
});

test('what cannot be read as JSON is kept too', async () => {
  await mkdir(join(dir, 'events'), { recursive: true });
  await writeFile(join(dir, 'events', `${segment('torn')}.ndjson`), `${line(1)}\n\0\0\0\n{"batch":"x"\n`);
  await loaderOf().drain();
  expect(await loaded()).toEqual([1]);
  const rows = await read<{ payload: string }>('rejected', 'payload');
  expect(rows.map(({ payload }) => payload)).toContainEqual('"{\\"batch\\":\\"x\\""');
});

test('trouble in the middle of looking for the bad row loses nothing and doubles nothing', async () => {
  await append(line(1), line(2), bad(3), line(4));
  let calls = 0;
  const loader = loaderOf({
    insertLines: async (table, lines, token) => {
      calls += 1;
      await warehouse.insertLines(table, lines, token);
      if (calls === 2) throw new WarehouseError('TABLE_IS_READ_ONLY', { kind: 'rejected', code: 242 });
    },
  });
  expect(await loader.drain()).toBe(false);
  expect(await refused()).toEqual([]);
  expect(await loader.drain()).toBe(true);
  expect(await loaded()).toEqual([1, 2, 4]);
  expect(await refused()).toEqual([3]);
});

test('of very many bad rows some are looked for at each start, and the segments behind are loaded', async () => {
  const taken: number[] = [];
  const inMemory: Partial<LoaderOptions['warehouse']> = {
    insertLines: async (_table, lines) => {
      const all = await text(lines);
      if (all.includes('no number')) throw new WarehouseError('refused', { kind: 'bad-data' });
      const rows = all.split('\n').filter((row) => row !== '');
      taken.push(...numbersOf(rows.map((row) => JSON.parse(row))));
    },
    insertRows: async () => {},
    command: async () => {},
    query: async () => [],
  };
  await append(...Array.from({ length: 250 }, (_none, number) => bad(number)), line(999));
  await append(line(1000));
  await loaderOf(inMemory).drain();
  expect(taken).toEqual([1000]);
  expect(await refused()).toHaveLength(251);
  await loaderOf(inMemory).drain();
  expect(taken).toEqual([1000, 999]);
  expect(await refused()).toHaveLength(250);
});

import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ConfiguredSource, PullProgress } from '../../etl/pull.ts';
import { lastSuccessfulPulls, nextRunNo, openRun } from '../../etl/runs.ts';
import { defineSource, type Page, type Stream } from '../../etl/source.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { WarehouseError } from '../../warehouse/warehouse-error.ts';
import type { PullWorld } from '../support/pull-world.ts';
import { usePullWorlds } from '../support/use-pull-worlds.ts';

interface Row {
  readonly id: string;
  readonly amount: string;
  readonly day?: string;
}

const current = usePullWorlds('2026-01-10T12:00:00Z');
let warehouse: Warehouse;
let world: PullWorld;
beforeEach(() => {
  ({ warehouse, world } = current());
});

const payments = (name: string, read: () => AsyncIterable<Page<Row>>): Stream<object, Row> => ({
  name,
  entity: 'payment',
  key: 'id',
  cursor: 'full',
  writeMode: 'merge',
  read,
  toRecords: (row, { sourceId }) => [
    {
      ok: true,
      item: {
        entity: 'payment',
        input: { source: sourceId, id: row.id, paid_at: '2026-01-10T15:00:00+03:00', amount: row.amount },
      },
    },
  ],
});

const pages = (...all: Page<Row>[]) =>
  async function* (): AsyncGenerator<Page<Row>> {
    yield* all;
  };

const sourceOf = (...streams: Stream<object, Row>[]): ConfiguredSource => ({
  id: 'till',
  settings: {},
  definition: defineSource<object>({
    type: 'till',
    title: { en: 'Till', ru: 'Касса' },
    docs: 'https://example.com',
    settings: z.strictObject({}),
    secrets: () => [],
    rate: () => ({ perSecond: 10, burst: 10 }),
    streams,
  }),
});

const runs = () =>
  world.rows<Record<string, unknown>>(
    `SELECT run_no, outcome, reason, detail, rows_read, rows_written, trigger FROM etl_runs FINAL
     WHERE project = {project:String} ORDER BY run_no`,
  );
const cursors = () =>
  world.rows<{ stream: string; position: string; data_as_of: string }>(
    'SELECT stream, position, data_as_of FROM cursors FINAL WHERE project = {project:String} ORDER BY stream',
  );

/** The warehouse, failing at inserts into a table while `fails` says so. */
const failingAt = (table: string, fails: () => boolean): Warehouse => {
  const insertRows: Warehouse['insertRows'] = async (name, rows, token) => {
    if (name === table && fails()) throw new WarehouseError('gone', { kind: 'unreachable' });
    await warehouse.insertRows(name, rows, token);
  };
  return Object.assign(Object.create(warehouse) as Warehouse, {
    insertRows,
    query: warehouse.query.bind(warehouse),
    command: warehouse.command.bind(warehouse),
  });
};

describe('a pull', () => {
  it('is one numbered run with what it read and wrote, and names its batches for the stages', async () => {
    const source = sourceOf(
      payments('a', pages({ rows: [{ id: '1', amount: '5' }] }, { rows: [{ id: '2', amount: '6' }] })),
    );
    await world.pull(source, {}, { trigger: 'schedule' });
    const again = await world.pull(source);
    expect(again).toMatchObject({ runNo: 2, outcome: 'ok', rowsRead: 2, rowsWritten: 0 });
    expect(await runs()).toMatchObject([
      { run_no: '1', outcome: 'ok', rows_read: '2', rows_written: '2', trigger: 'schedule' },
      { run_no: '2', outcome: 'ok', rows_read: '2', rows_written: '0', trigger: 'command' },
    ]);
    const batches = await world.rows<{ batch: string }>(
      'SELECT batch, rows FROM raw_batches FINAL WHERE project = {project:String} ORDER BY batch',
    );
    expect(batches).toEqual([
      { batch: `pull-${world.project}-till-a-1-1`, rows: '1' },
      { batch: `pull-${world.project}-till-a-1-2`, rows: '1' },
    ]);
    expect(await nextRunNo(warehouse, world.project)).toBe(3);
  });

  it('keeps the cursor of each page and gives it back the next time', async () => {
    const given: (string | undefined)[] = [];
    const stream: Stream<object, Row> = {
      ...payments('a', pages()),
      async *read(context) {
        given.push(context.cursor);
        yield { rows: [], nextCursor: '{"n":1}' };
      },
    };
    await world.pull(sourceOf(stream));
    await world.pull(sourceOf(stream));
    await world.pull(sourceOf(stream), {}, { since: '2026-01-01' });
    expect(given).toEqual([undefined, '{"n":1}', '{"n":1}']);
    expect(await cursors()).toMatchObject([{ position: '{"n":1}', data_as_of: '2026-01-10 12:00:00.000' }]);
  });

  it('tells its progress page by page', async () => {
    const told: PullProgress[] = [];
    const source = sourceOf(payments('a', pages({ rows: [], progress: { done: 1, total: 2 } }, { rows: [] })));
    await world.pull(source, { onProgress: (progress) => told.push(progress) });
    expect(told).toEqual([
      { source: 'till', stream: 'a', done: 1, total: 2 },
      { source: 'till', stream: 'a', done: 0 },
    ]);
  });

  it('reads the other streams when one fails, and says which and why', async () => {
    const broken = payments('broken', () => {
      throw new TypeError('a bug');
    });
    const result = await world.pull(sourceOf(broken, payments('fine', pages({ rows: [{ id: '1', amount: '5' }] }))));
    expect(result).toMatchObject({ outcome: 'failed', rowsWritten: 1 });
    expect(await runs()).toMatchObject([{ outcome: 'failed', reason: 'internal', detail: 'broken: a bug' }]);
    expect((await cursors()).map(({ stream }) => stream)).toEqual(['fine']);
    expect((await lastSuccessfulPulls(warehouse, world.project)).size).toBe(0);
  });

  it('stops between pages when it is aborted, and keeps what it had', async () => {
    const stop = new AbortController();
    const stream = payments('a', async function* () {
      yield { rows: [{ id: '1', amount: '5' }], nextCursor: '1' };
      stop.abort();
      yield { rows: [{ id: '2', amount: '6' }], nextCursor: '2' };
      yield { rows: [{ id: '3', amount: '7' }], nextCursor: '3' };
    });
    const result = await world.pull(sourceOf(stream), { signal: stop.signal });
    expect(result.streams[0]?.failure?.reason).toBe('aborted');
    expect((await cursors())[0]?.position).toBe('2');
    expect(await world.alive()).toHaveLength(2);
  });

  it('closes the run of a process that died', async () => {
    await openRun(world.deps(), { kind: 'pull', source: 'till', trigger: 'schedule' });
    await world.time.advance(1000);
    await world.pull(sourceOf(payments('a', pages())));
    expect(await runs()).toMatchObject([
      { run_no: '1', outcome: 'failed', reason: 'interrupted' },
      { run_no: '2', outcome: 'ok' },
    ]);
    expect(await lastSuccessfulPulls(warehouse, world.project)).toEqual(
      new Map([['till', Date.parse('2026-01-10T12:00:01Z')]]),
    );
  });

  it('waits for another pull of the same source', async () => {
    const order: string[] = [];
    const stream = payments('a', async function* () {
      order.push('begins');
      await new Promise((resolve) => setImmediate(resolve));
      yield { rows: [] };
      order.push('ends');
    });
    const sleep = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
    await Promise.all([world.pull(sourceOf(stream), { sleep }), world.pull(sourceOf(stream), { sleep })]);
    expect(order).toEqual(['begins', 'ends', 'begins', 'ends']);
    expect((await runs()).map((run) => run.run_no)).toEqual(['1', '2']);
  });
});

describe('writing', () => {
  const one = sourceOf(payments('a', pages({ rows: [{ id: '1', amount: '5' }], nextCursor: '1' })));

  it('is repeated while the warehouse is away for a moment', async () => {
    let left = 2;
    const flaky = failingAt('raw_records', () => left-- > 0);
    expect((await world.pull(one, { warehouse: flaky })).outcome).toBe('ok');
    expect(await world.versions()).toHaveLength(1);
  });

  it('that fails for good leaves the cursor where it was', async () => {
    const result = await world.pull(one, { warehouse: failingAt('raw_records', () => true) });
    expect(result.streams[0]?.failure).toEqual({ reason: 'warehouse', detail: 'gone' });
    expect(await cursors()).toEqual([]);
    expect((await world.pull(one)).rowsWritten).toBe(1);
  });

  it('announces a page that an earlier one stored without announcing it, so that the stages see it', async () => {
    await world.pull(one, { warehouse: failingAt('raw_batches', () => true) });
    expect(await world.versions()).toHaveLength(1);
    await world.time.advance(1000);
    const result = await world.pull(one);
    expect(result.rowsWritten).toBe(0);
    const unannounced = await world.rows(
      `SELECT record_id FROM raw_records WHERE project = {project:String}
       GROUP BY record_id HAVING NOT argMax(batch, (version_at, fetched_at)) IN (SELECT batch FROM raw_batches WHERE project = {project:String})`,
    );
    expect(unannounced).toEqual([]);
  });

  it('of what was pulled long ago and has not changed writes nothing, although its batches are forgotten', async () => {
    await world.pull(one);
    await warehouse.command('DELETE FROM raw_batches WHERE project = {project:String}', {
      project: world.project,
    });
    await world.time.advance(400 * 24 * 3_600_000);
    expect((await world.pull(one)).rowsWritten).toBe(0);
  });

  it('keeps each version of a record that changes and the last of a page that has several', async () => {
    const amounts = (...texts: string[]) =>
      sourceOf(payments('a', pages({ rows: texts.map((amount) => ({ id: '1', amount })) })));
    await world.pull(amounts('5', '6'));
    await world.pull(amounts('7'));
    await world.pull(amounts('6'));
    const held = (await world.versions()).map((version) => JSON.parse(version.record).amount);
    expect(held).toEqual(['6', '7', '6']);
  });
});

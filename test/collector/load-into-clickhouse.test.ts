import { copyFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLoader, type LoaderOptions } from '../../collector/loader.ts';
import { silentLogger } from '../../warehouse/logger.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { WarehouseError } from '../../warehouse/warehouse-error.ts';
import { testWarehouse } from '../support/clickhouse.ts';
import { fakeClock, nowMs, pageview, startCollector, type TestCollector, uuid } from './support/test-collector.ts';

let collector: TestCollector;
let warehouse: Warehouse;
beforeEach(async () => {
  warehouse = await testWarehouse();
  collector = await startCollector({ spoolOptions: { maxSegmentBytes: 2000 } });
});
afterEach(() => collector.remove());

const loaderOf = (over: LoaderOptions['warehouse'] = warehouse) =>
  createLoader({
    project: 'shop',
    dir: join(collector.dir, 'spool'),
    warehouse: over,
    logger: silentLogger,
    clock: fakeClock(),
    retryMs: 1,
  });

const post = (...events: unknown[]) =>
  fetch(`${collector.url}/collect`, {
    method: 'POST',
    body: JSON.stringify({ site: 'demo', visitor: uuid(900), events }),
  });

const countEvents = async () => {
  const [row] = await warehouse.query<{ rows: string; ids: string }>(
    'SELECT count() AS rows, uniqExact(event_id) AS ids FROM raw_events',
  );
  return { rows: Number(row?.rows), ids: Number(row?.ids) };
};

async function sendEvents(count: number): Promise<void> {
  for (let number = 1; number <= count; number += 1) await post(pageview(number));
  await collector.spool.rotate();
}

test('events arrive as they were sent', async () => {
  const purchase = pageview(1, {
    type: 'purchase',
    visit: uuid(700),
    title: 'Спасибо за «заказ» \\ "A" \n\t',
    order: { id: 'A-17', amount: '1990.55', currency: 'RUB' },
    items: [{ id: 'sku1', price: 990.55, quantity: 2 }],
    user: { phone: '+79991234567' },
    props: { nested: { list: [1, '\ud83d'] } },
  });
  await post(purchase, { id: 'bad' });
  await collector.spool.rotate();
  await loaderOf().drain();
  const [row] = await warehouse.query<Record<string, unknown>>('SELECT * FROM raw_events');
  expect(row).toMatchObject({
    project: 'shop',
    event_id: uuid(1),
    visitor_id: uuid(900),
    visit_id: uuid(700),
    type: 'purchase',
    occurred_at: '2026-01-15 11:59:59.000',
    received_at: '2026-01-15 12:00:00.000',
    title: 'Спасибо за «заказ» \\ "A" \n\t',
    order_id: 'A-17',
    order_amount: '1990.55',
    form_id: '',
    props: '{"nested":{"list":[1,"\ufffd"]}}',
    phone_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  const rejected = await warehouse.query('SELECT reason, place, source FROM rejected');
  expect(rejected).toEqual([{ reason: 'invalid', place: 'events.1.id', source: 'collect' }]);
  const batches = await warehouse.query('SELECT project, kind, rows FROM raw_batches');
  expect(batches).toEqual([{ project: 'shop', kind: 'events', rows: '1' }]);
});

test('every event arrives exactly once although inserts fail before and after they take effect', async () => {
  let calls = 0;
  const flaky: LoaderOptions['warehouse'] = {
    insertLines: async (table, lines, token) => {
      calls += 1;
      if (calls % 3 === 0) throw new WarehouseError('connection lost before', { kind: 'unreachable' });
      await warehouse.insertLines(table, lines, token);
      if (calls % 3 === 1) throw new WarehouseError('answer lost', { kind: 'unreachable' });
    },
    insertRows: (table, rows, token) => warehouse.insertRows(table, rows, token),
    command: (sql, params) => warehouse.command(sql, params),
    query: (sql, params) => warehouse.query(sql, params),
  };
  await sendEvents(40);
  const loader = loaderOf(flaky);
  while (!(await loader.drain()));
  expect(await countEvents()).toEqual({ rows: 40, ids: 40 });
  const [batches] = await warehouse.query<{ rows: string }>('SELECT sum(rows) AS rows FROM raw_batches FINAL');
  expect(Number(batches?.rows)).toBe(40);
});

test('a process that dies between the insert and the deletion loads the segment again without doubling it', async () => {
  await sendEvents(20);
  const folder = join(collector.dir, 'spool', 'events');
  const kept = (await readdir(folder)).filter((name) => name.endsWith('.ndjson'));
  const aside = (name: string) => join(collector.dir, name);
  for (const name of kept) await copyFile(join(folder, name), aside(name));
  await loaderOf().drain();
  for (const name of kept) await copyFile(aside(name), join(folder, name));
  await loaderOf().drain();
  expect(kept.length).toBeGreaterThan(1);
  expect(await countEvents()).toEqual({ rows: 20, ids: 20 });
  for (const name of kept) await rm(aside(name));
});

test('a segment of three years of history is taken in one piece', async () => {
  const lines = Array.from({ length: 36 }, (_, month) => {
    const occurredAt = new Date(nowMs - month * 30 * 86_400_000).toISOString();
    return JSON.stringify({ project: 'shop', event_id: uuid(month), visitor_id: uuid(900), occurred_at: occurredAt });
  });
  await collector.spool.append('events', lines);
  await collector.spool.rotate();
  await loaderOf().drain();
  expect(await countEvents()).toEqual({ rows: 36, ids: 36 });
});

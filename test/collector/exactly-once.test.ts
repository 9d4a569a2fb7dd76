import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLoader } from '../../collector/loader.ts';
import { rebuildAll, runStages } from '../../etl/pipeline.ts';
import { silentLogger } from '../../warehouse/logger.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { pipeline } from '../etl/stages/raw.ts';
import { testWarehouse } from '../support/clickhouse.ts';
import { pageview, startCollector, type TestCollector, uuid } from './support/test-collector.ts';

/** Two workers of one product: each with a spool of its own. */
let workers: TestCollector[];
let warehouse: Warehouse;
beforeAll(async () => {
  warehouse = await testWarehouse();
  workers = await Promise.all([startCollector(), startCollector()]);
});
afterAll(() => Promise.all(workers.map((worker) => worker.remove())));

const monthMs = 30 * 24 * 60 * 60 * 1000;
const user = { phone: '+79161234567' };
const events = [
  pageview(1, { url: 'https://shop.example/?utm_source=vk' }),
  pageview(2, { type: 'form_submit', form: { id: 'callback' }, user }),
  pageview(3, { type: 'purchase', order: { id: 'A-1', amount: 10 }, ts: Number(pageview(1).ts) + 1 }),
];
const batches = [
  { site: 'demo', visitor: uuid(900), events },
  { site: 'demo', events: [pageview(11), pageview(12), pageview(12)] },
  { site: 'demo', cookieless: true, events: [pageview(21), pageview(22)] },
  { site: 'demo', consent: 'denied', events: [pageview(31), pageview(32)] },
];

const post = (worker: TestCollector, path: string, body: unknown): Promise<Response> =>
  fetch(worker.url + path, {
    method: 'POST',
    headers: {
      Authorization: 'Bearer good',
      'Content-Type': 'application/json',
      'User-Agent': 'Mozilla/5.0 Firefox/150.0',
    },
    body: JSON.stringify(body),
  });

const sendToAll = () =>
  Promise.all(workers.flatMap((worker) => batches.map((batch) => post(worker, '/collect', batch))));

const kept = (worker: TestCollector): string => join(worker.dir, 'kept');
const spooled = (worker: TestCollector): string => join(worker.dir, 'spool', 'events');

async function load(): Promise<void> {
  for (const worker of workers) {
    await worker.spool.rotate();
    await mkdir(kept(worker), { recursive: true });
    for (const name of await readdir(spooled(worker)))
      if (name.endsWith('.ndjson')) await copyFile(join(spooled(worker), name), join(kept(worker), name));
    const dir = join(worker.dir, 'spool');
    await createLoader({
      project: 'shop',
      dir,
      warehouse,
      logger: silentLogger,
      clock: worker.clock,
      retryMs: 1,
    }).drain();
  }
}

const deps = () => pipeline(warehouse, workers[0]?.dir ?? '');

async function counted() {
  const [row] = await warehouse.query(`SELECT
    (SELECT (count(), uniqExact(visitor_id), toUInt32(sum(events)), toUInt32(sum(pageviews))) FROM visits FINAL) AS visits,
    (SELECT groupArray((lead_id, duplicate_of != '')) FROM (SELECT * FROM leads FINAL ORDER BY lead_id)) AS leads,
    (SELECT count() FROM clients FINAL) AS clients,
    (SELECT count() FROM anonymous_hits FINAL) AS anonymous`);
  return row;
}

const rawRows = async (): Promise<number> => {
  const [row] = await warehouse.query<{ rows: string }>('SELECT count() AS rows FROM raw_events');
  return Number(row?.rows);
};

/** Three browsers: the one named, the one that the collector named, and the one of the day. */
const once = {
  visits: ['3', '3', 7, 5],
  /** The order follows the form, which so repeats it. */
  leads: [
    [`event:${uuid(2)}`, 1],
    [`event:${uuid(3)}`, 0],
  ],
  clients: '1',
  anonymous: '2',
};

test('a batch sent to two workers at once counts once', async () => {
  for (const response of await sendToAll()) expect(response.status).toBe(200);
  await load();
  expect(await rawRows()).toBe(20);
  await runStages(deps(), 'arrival');
  expect(await counted()).toEqual(once);
}, 60_000);

test('a batch that is replayed a month later counts once: by the tag, as history, and as the segment that brought it', async () => {
  for (const worker of workers) worker.clock.nowMs += monthMs;
  for (const response of await sendToAll())
    expect(await response.text()).toMatch(/^\{.*"visit":null,.*"rejected":\[.*"reason":"ts_too_old"/);
  const history = events.map((event) => ({ ...event, site: 'demo', visitor: uuid(901) }));
  for (const worker of workers) await post(worker, '/api/v1/ingest/events', history);
  await load();
  expect(await rawRows()).toBe(26);
  // As many inserts as a month has push a segment's name out of what the database remembers.
  await warehouse.command('ALTER TABLE raw_events MODIFY SETTING non_replicated_deduplication_window = 0');
  for (const worker of workers)
    for (const name of await readdir(kept(worker)))
      await copyFile(join(kept(worker), name), join(spooled(worker), name));
  await load();
  expect(await rawRows()).toBe(52);
  await runStages(deps(), 'arrival');
  expect(await counted()).toEqual(once);
  await rebuildAll(deps());
  expect(await counted()).toEqual(once);
}, 60_000);

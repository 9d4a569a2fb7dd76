import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLoader } from '../../collector/loader.ts';
import { rebuildAll, runStages } from '../../etl/pipeline.ts';
import { silentLogger } from '../../warehouse/logger.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { pipeline } from '../etl/stages/raw.ts';
import { testWarehouse } from '../support/clickhouse.ts';
import { nowMs, pageview, startCollector, type TestCollector, uuid } from './support/test-collector.ts';

let collector: TestCollector;
let warehouse: Warehouse;
beforeAll(async () => {
  warehouse = await testWarehouse();
  collector = await startCollector();
});
afterAll(() => collector.remove());

const hourMs = 60 * 60 * 1000;
/** How far the clock of the machine is off when each batch comes; the browsers' clock is right all the time. */
const offsByHours = [0, -2, 5, -1, 30, -30, 0, 200, 0];

interface Answer {
  readonly rejected?: readonly { readonly index: number }[];
}

/** Ids of the events that were acknowledged. */
async function send(visitor: string, events: readonly Record<string, unknown>[]): Promise<string[]> {
  const response = await fetch(`${collector.url}/collect`, {
    method: 'POST',
    headers: { 'User-Agent': 'Mozilla/5.0 Firefox/150.0' },
    body: JSON.stringify({ site: 'demo', visitor, events }),
  });
  expect(response.status).toBe(200);
  const { rejected = [] } = (await response.json()) as Answer;
  return events.filter((_, index) => !rejected.some((one) => one.index === index)).map(({ id }) => String(id));
}

async function load(): Promise<void> {
  await collector.spool.rotate();
  const { clock } = collector;
  const dir = join(collector.dir, 'spool');
  await createLoader({ project: 'shop', dir, warehouse, logger: silentLogger, clock, retryMs: 1 }).drain();
}

const counted = async (): Promise<number> => {
  const [row] = await warehouse.query<{ events: string }>('SELECT sum(events) AS events FROM visits FINAL');
  return Number(row?.events);
};

test('what is acknowledged while the clock of the machine jumps is counted, once, also when it is sent again', async () => {
  const acknowledged = new Set<string>();
  let number = 0;
  for (const [round, hours] of offsByHours.entries()) {
    collector.clock.nowMs = nowMs + round * 1000 + hours * hourMs;
    const events = [0, 1, 2].map((minutes) => {
      number += 1;
      return pageview(number, { ts: nowMs + round * 1000 - minutes * 60_000 });
    });
    for (const id of await send(uuid(900 + (round % 2)), events)) acknowledged.add(id);
    if (round % 3 === 2) await load();
    for (const id of await send(uuid(900 + (round % 2)), events)) acknowledged.add(id);
    if (round % 3 === 2) await runStages(pipeline(warehouse, collector.dir), 'arrival');
  }
  // A clock that is a day behind, or a week ahead, cannot tell such events from wrong ones: those are refused, and say so.
  expect(acknowledged.size).toBe(3 * (offsByHours.length - 2));
  await load();
  await runStages(pipeline(warehouse, collector.dir), 'arrival');
  expect(await counted()).toBe(acknowledged.size);
  await rebuildAll(pipeline(warehouse, collector.dir));
  expect(await counted()).toBe(acknowledged.size);
}, 60_000);

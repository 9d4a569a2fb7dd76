import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLoader } from '../../../collector/loader.ts';
import { toInstant } from '../../../domain/time.ts';
import { visitOfCall } from '../../../etl/visit-of-call.ts';
import { silentLogger } from '../../../warehouse/logger.ts';
import { testWarehouse } from '../../support/clickhouse.ts';
import { fakeClock, nowMs, pageview, startCollector, type TestCollector, uuid } from '../support/test-collector.ts';
import { dynamicPool, minuteMs, settingsOf, shopNumber } from './tracking.ts';

async function numberOf(collector: TestCollector, visit: number): Promise<string> {
  const events = [pageview(visit, { visit: uuid(visit) })];
  const headers = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' };
  const body = JSON.stringify({ site: 'demo', visitor: uuid(visit + 100), numbers: [shopNumber], events });
  const answer = await fetch(`${collector.url}/collect`, { method: 'POST', headers, body });
  const { numbers } = (await answer.json()) as { numbers: Record<string, string> };
  return numbers[shopNumber] ?? '';
}

test('a call to a leased number is found to be of its visit, over a restart of the collector', async () => {
  const callTracking = settingsOf(dynamicPool(2));
  const warehouse = await testWarehouse();
  const collector = await startCollector({ callTracking });
  const first = await numberOf(collector, 1);
  await collector.close();
  const again = await startCollector({ callTracking, dataDir: collector.dir });
  expect(await numberOf(again, 1)).toBe(first);
  const second = await numberOf(again, 2);
  expect(second).not.toBe(first);
  await again.spool.rotate();
  const dir = join(again.dir, 'spool');
  const loader = createLoader({ project: 'shop', dir, warehouse, logger: silentLogger, clock: fakeClock() });
  expect(await loader.drain()).toBe(true);
  const found = (number: string, atMs: number) => visitOfCall({ warehouse, project: 'shop' }, number, toInstant(atMs));
  expect(await found(first, nowMs + 10 * minuteMs)).toMatchObject({ visit_id: uuid(1), visitor_id: uuid(101) });
  expect(await found(second, nowMs + 10 * minuteMs)).toMatchObject({ visit_id: uuid(2), visitor_id: uuid(102) });
  expect(await found(first, nowMs + 40 * minuteMs)).toBeUndefined();
  expect(await found(first, nowMs - minuteMs)).toBeUndefined();
  expect(await warehouse.query('SELECT DISTINCT kind FROM raw_batches')).toEqual([{ kind: 'events' }]);
  await again.remove();
});

import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLoader } from '../../../collector/loader.ts';
import { toInstant } from '../../../domain/time.ts';
import { silentLogger } from '../../../warehouse/logger.ts';
import type { Warehouse } from '../../../warehouse/warehouse.ts';
import { blocksOf } from '../../docs/documents.ts';
import { testWarehouse } from '../../support/clickhouse.ts';
import { fakeClock, nowMs, pageview, startCollector, type TestCollector, uuid } from '../support/test-collector.ts';
import { anyStep, live } from './random-lives.ts';
import { dynamicPool, minuteMs, numbersOf, settingsOf, shopNumber } from './tracking.ts';
import { visitOfCall } from './visit-of-call.ts';

async function numberOf(collector: TestCollector, visit: number): Promise<string> {
  const events = [pageview(visit, { visit: uuid(visit) })];
  const headers = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' };
  const body = JSON.stringify({ site: 'demo', visitor: uuid(visit + 100), numbers: [shopNumber], events });
  const answer = await fetch(`${collector.url}/collect`, { method: 'POST', headers, body });
  const { numbers } = (await answer.json()) as { numbers: Record<string, string> };
  return numbers[shopNumber] ?? '';
}

const [query = ''] = blocksOf('docs/call-tracking.md', 'sql');

interface Called {
  readonly visit_id: string;
  readonly visitor_id: string;
}

async function calledVisit(warehouse: Warehouse, project: string, number: string, atMs: number) {
  const at = toInstant(atMs).replace('T', ' ').replace('Z', '');
  return (await warehouse.query<Called>(query, { project, number, at }))[0];
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
  const found = (number: string, atMs: number) => calledVisit(warehouse, 'shop', number, atMs);
  expect(await found(first, nowMs + 10 * minuteMs)).toMatchObject({ visit_id: uuid(1), visitor_id: uuid(101) });
  expect(await found(second, nowMs + 10 * minuteMs)).toMatchObject({ visit_id: uuid(2), visitor_id: uuid(102) });
  expect(await found(first, nowMs + 40 * minuteMs)).toBeUndefined();
  expect(await found(first, nowMs - minuteMs)).toBeUndefined();
  expect(await warehouse.query('SELECT DISTINCT kind FROM raw_batches')).toEqual([{ kind: 'events' }]);
  await again.remove();
});

test('the documented query finds the visits of all calls that the record tells of, whatever the clock did', async () => {
  const warehouse = await testWarehouse();
  const lives = fc.sample(fc.array(anyStep, { minLength: 40, maxLength: 60 }), { seed: 20260115, numRuns: 8 });
  let found = 0;
  for (const [index, steps] of lives.entries()) {
    const { disk, shown } = await live(steps);
    const project = `life-${index}`;
    const rows = disk.rows.map(({ pool, number, visit, fromMs, untilMs, version }) => {
      const times = { leased_at: toInstant(fromMs), held_until: toInstant(untilMs), version };
      return { project, pool, number, visit_id: visit, visitor_id: uuid(1), ...times };
    });
    await warehouse.insertRows('number_leases', rows);
    const moments = shown.flatMap(({ atMs }) => [atMs, atMs + 20 * minuteMs]).slice(0, 12);
    for (const number of numbersOf(3)) {
      for (const atMs of moments) {
        const meant = visitOfCall(disk.rows, number, atMs)?.visit;
        expect([atMs, (await calledVisit(warehouse, project, number, atMs))?.visit_id]).toEqual([atMs, meant]);
        if (meant !== undefined) found += 1;
      }
    }
  }
  expect(found).toBeGreaterThan(100);
});

test('both pages of the guide give one query', () => {
  expect(blocksOf('docs/call-tracking.ru.md', 'sql')).toEqual([query]);
});

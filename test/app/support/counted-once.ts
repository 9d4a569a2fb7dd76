import { expect } from 'vitest';
import type { Warehouse } from '../../../warehouse/warehouse.ts';
import { totals } from './ask.ts';
import type { Load } from './load.ts';
import { waitFor } from './wait-for.ts';

/** Every event that the loads had acknowledged lies in the database and is counted once, and nothing else is. Closes the warehouse. */
export async function expectEachCountedOnce(
  baseUrl: () => string,
  open: () => Promise<Warehouse>,
  loads: readonly Load[],
): Promise<void> {
  await Promise.all(loads.map((load) => load.stop()));
  const sent = new Set(loads.flatMap(({ acknowledged }) => [...acknowledged]));
  const visits = loads.reduce((sum, { visitors }) => sum + visitors.length, 0);
  let counted: Awaited<ReturnType<typeof totals>> = {};
  await waitFor('the report to be up to date', async () => {
    counted = await totals(baseUrl(), 'pageviews,visits').catch(() => ({}));
    return (counted['pageviews'] ?? 0) >= sent.size;
  }).catch(() => undefined);
  expect(counted).toMatchObject({ pageviews: sent.size, visits });
  const warehouse = await open();
  try {
    await expectStoredOnce(warehouse, sent, new Set(loads.flatMap((load) => [...load.repeated])));
  } finally {
    await warehouse.close();
  }
}

/** What was sent again because its answer was lost may lie there twice. */
async function expectStoredOnce(
  warehouse: Warehouse,
  sent: ReadonlySet<string>,
  repeated: ReadonlySet<string>,
): Promise<void> {
  const rows = await warehouse.query<{ id: string; copies: string }>(
    'SELECT toString(event_id) AS id, count() AS copies FROM raw_events GROUP BY event_id',
  );
  const stored = new Map(rows.map(({ id, copies }) => [id, Number(copies)]));
  expect([...sent].filter((id) => !stored.has(id))).toEqual([]);
  expect([...stored.keys()].filter((id) => !sent.has(id))).toEqual([]);
  expect([...stored].filter(([id, copies]) => copies > 1 && !repeated.has(id))).toEqual([]);
  expect(await warehouse.query('SELECT * FROM rejected')).toEqual([]);
}

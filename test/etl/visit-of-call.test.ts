import { expect, test } from 'vitest';
import { type NumberLease, visitOfCall } from '../../domain/number-lease.ts';
import { toInstant } from '../../domain/time.ts';
import { visitOfCall as visitOfCallInRows } from '../../etl/visit-of-call.ts';
import { testWarehouse } from '../support/clickhouse.ts';

const startMs = Date.UTC(2026, 0, 15, 12);
const minuteMs = 60_000;
const number = '74950000001';
const lease = (visit: string, from: number, until: number, more: Partial<NumberLease> = {}): NumberLease => ({
  pool: 'main',
  number,
  visit,
  visitor: `00000000-0000-4000-8000-${String(visit.charCodeAt(0)).padStart(12, '0')}`,
  fromMs: startMs + from * minuteMs,
  untilMs: startMs + until * minuteMs,
  version: 1,
  ...more,
});

const leases = [
  lease('a', 0, 31),
  // Prolonged, and told twice.
  lease('a', 0, 50, { version: 2 }),
  lease('a', 0, 50, { version: 2 }),
  // Given on while it was held: the next one ends it though no row says so.
  lease('b', 40, 71),
  // Cut short by its own word.
  lease('c', 80, 111),
  lease('c', 80, 90, { version: 2 }),
  // Never was: the clock was set back.
  lease('d', 100, 131),
  lease('d', 100, 100, { version: 2 }),
  lease('e', 95, 126),
  lease('x', 0, 500, { number: '74950000002' }),
];

test.each([
  [-1, undefined],
  [0, 'a'],
  [39.9, 'a'],
  [40, 'b'],
  [70.9, 'b'],
  [71, undefined],
  [89.9, 'c'],
  [90, undefined],
  [94.9, undefined],
  [95, 'e'],
  [101, 'e'],
  [125.9, 'e'],
  [126, undefined],
])('a call at minute %s is of the visit %s, whatever order the leases are in', (minute, visit) => {
  const atMs = startMs + minute * minuteMs;
  expect(visitOfCall(leases, number, atMs)?.visit).toBe(visit);
  expect(visitOfCall(leases.toReversed(), number, atMs)?.visit).toBe(visit);
});

test('the rows of the database say the same', async () => {
  const warehouse = await testWarehouse();
  const project = 'visit-of-call';
  const rows = leases.map(({ pool, number, visit, visitor, fromMs, untilMs, version }) => {
    const times = { leased_at: toInstant(fromMs), held_until: toInstant(untilMs), version };
    return { project, pool, number, visit_id: visit, visitor_id: visitor, ...times };
  });
  await warehouse.insertRows('number_leases', rows.slice(0, 5));
  await warehouse.insertRows('number_leases', rows.slice(5));
  for (let minute = -1; minute < 130; minute += 4.5) {
    const atMs = startMs + minute * minuteMs;
    const said = await visitOfCallInRows({ warehouse, project }, number, toInstant(atMs));
    const meant = visitOfCall(leases, number, atMs);
    expect([minute, said?.visit_id, said?.visitor_id]).toEqual([minute, meant?.visit, meant?.visitor]);
  }
  const others = await visitOfCallInRows({ warehouse, project: 'another' }, number, toInstant(startMs));
  expect(others).toBeUndefined();
});

import { expect, test } from 'vitest';
import { checkRecords } from '../../../collector/ingest/check-records.ts';
import { contactHasher } from '../../../domain/contact.ts';
import type { RawRecord } from '../../../domain/record/raw-record.ts';

const hasher = contactHasher('secret');
const t0 = Date.parse('2026-03-20T00:00:00Z');
const state = (id: string, amount: number, more: object = {}) => ({
  ...{ source: 'crm', id, created_at: '2026-03-05T10:00:00Z', amount, status: 'won' },
  ...more,
});
const burst = (id: string, count: number, more: object = {}) =>
  Array.from({ length: count }, (_, index) => state(id, index + 1, more));

function send(atMs: number, rows: readonly object[]): RawRecord[] {
  const checked = checkRecords('deal', rows, { project: 'shop', fetchedAtMs: atMs, hasher, storeContacts: false });
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  return checked.lines.map((line) => JSON.parse(line));
}

/** The amount that counts, as the stages choose it. */
function amountOf(id: string, records: readonly RawRecord[]): number {
  const age = ({ version_at, fetched_at, record_version }: RawRecord) =>
    `${version_at} ${fetched_at} ${record_version}`;
  const [newest] = records
    .filter((record) => record.record_id === id)
    .toSorted((left, right) => (age(left) < age(right) ? 1 : -1));
  return Number(JSON.parse(newest?.record ?? '{}').amount);
}

test.each([
  ['not dated', {}],
  ['dated alike', { updated_at: '2026-03-19T10:00:00Z' }],
])('of many states of a deal in a request, %s, the last counts, and the next request is newer', (_name, more) => {
  const first = send(t0, burst('1', 200, more));
  expect(amountOf('1', first)).toBe(200);
  expect(amountOf('1', [...send(t0 + 1, [state('1', 7, more)]), ...first])).toBe(7);
});

test('what stands once beside many states of another is as new as its request', () => {
  const before = send(t0, [state('2', 5)]);
  expect(amountOf('2', [...send(t0 + 1, [state('2', 6), ...burst('1', 200)]), ...before])).toBe(6);
});

test('an older state beside it does not make a newer one older', () => {
  const newer = { updated_at: '2026-03-19T10:00:00Z' };
  const before = send(t0, [state('1', 5, newer)]);
  const older = state('1', 1, { updated_at: '2026-03-01T10:00:00Z' });
  expect(amountOf('1', [...send(t0 + 1, [state('1', 6, newer), older, older]), ...before])).toBe(6);
});

test('no state is dated after its request, so that a process started anew has no older clock', () => {
  const latest = send(t0, burst('1', 10_000)).map(({ fetched_at }) => Date.parse(fetched_at));
  expect(Math.max(...latest)).toBe(t0);
  expect(new Set(latest).size).toBe(10_000);
});

import { expect, test } from 'vitest';
import { checkRecords } from '../../../collector/ingest/check-records.ts';
import { contactHasher } from '../../../domain/contact.ts';
import type { RawRecord } from '../../../domain/record/raw-record.ts';

const hasher = contactHasher('secret');
const sentMs = Date.parse('2026-03-20T00:00:00Z');
const hourMs = 3_600_000;
const yetToCome = '2027-01-01T00:00:00Z';

/** A state whose amount is the updated_at that it names. */
const dated = (updatedAt: string | undefined, amount: number) => ({
  ...{ source: 'crm', id: '1', created_at: '2026-03-05T10:00:00Z', status: 'won', amount },
  ...(updatedAt === undefined ? {} : { updated_at: updatedAt }),
});

function send(atMs: number, ...rows: readonly object[]): RawRecord[] {
  const checked = checkRecords('deal', rows, { project: 'shop', fetchedAtMs: atMs, hasher, storeContacts: false });
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  return checked.lines.map((line) => JSON.parse(line));
}

/** The amount that counts, as the stages choose it. */
function amountOf(...records: readonly RawRecord[]): number {
  const age = ({ version_at, fetched_at, record_version }: RawRecord) =>
    `${version_at} ${fetched_at} ${record_version}`;
  const [newest] = records.toSorted((left, right) => (age(left) < age(right) ? 1 : -1));
  return Number(JSON.parse(newest?.record ?? '{}').amount);
}

test.each([
  ['dated when it changed', new Date(sentMs + hourMs).toISOString()],
  ['not dated', undefined],
  ['dated in the future too, but earlier', '2026-12-01T00:00:00Z'],
])('a state dated in the future is as new as its request: the next, %s, replaces it', (_name, updatedAt) => {
  const first = send(sentMs, dated(yetToCome, 1));
  expect(amountOf(...send(sentMs + 2 * hourMs, dated(updatedAt, 2)), ...first)).toBe(2);
});

test('of states in one request whose dates tell nothing the last counts', () => {
  for (const dates of [
    [yetToCome, undefined],
    [undefined, yetToCome],
    [yetToCome, yetToCome],
  ])
    for (let amount = 1; amount < 20; amount += 1)
      expect(amountOf(...send(sentMs, ...dates.map((date, index) => dated(date, amount + index))))).toBe(amount + 1);
});

test('a state dated in the future is newer than those before it', () => {
  const before = send(sentMs - hourMs, dated('2026-03-19T20:00:00Z', 1));
  expect(amountOf(...send(sentMs, dated(yetToCome, 2)), ...before)).toBe(2);
});

test('states dated in the future, sent in one request, keep the order of their dates wherever they stand', () => {
  const dates = [yetToCome, '2026-12-01T00:00:00Z', '2026-12-02T00:00:00Z'];
  for (let amount = 1; amount < 20; amount += 1)
    expect(amountOf(...send(sentMs, ...dates.map((date, index) => dated(date, amount + index))))).toBe(amount);
});

test.each([1, 5 * 60, 10 * 60])('a clock that is %d seconds ahead is taken at its word', (aheadSeconds) => {
  const at = (secondsEarlier: number) => new Date(sentMs + (aheadSeconds - secondsEarlier) * 1000).toISOString();
  expect(amountOf(...send(sentMs, dated(at(0), 2), dated(at(1), 1)))).toBe(2);
  expect(amountOf(...send(sentMs, dated(at(0), 2)), ...send(sentMs + 500, dated(at(1), 1)))).toBe(2);
});

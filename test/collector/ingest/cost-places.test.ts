import { expect, test } from 'vitest';
import { type CheckedLines, checkRecords } from '../../../collector/ingest/check-records.ts';
import { contactHasher } from '../../../domain/contact.ts';

const hasher = contactHasher('secret');
const check = (rows: readonly object[]): CheckedLines =>
  checkRecords('cost', rows, { project: 'shop', fetchedAtMs: Date.UTC(2026, 2, 5), hasher, storeContacts: false });
const hour = { source: 'vk-ads', date: '2026-03-05', campaign_id: '1', cost: 100, vat: 'included' };

test('two costs of one place without ids are refused, both named with the cure: cut into two requests they would be another sum', () => {
  const message = (first: number) =>
    `rows ${first} and 3 are costs of one place (the same in all but the amounts and a name beside its id), so that one would replace the other: ` +
    'give each an id, or add them up';
  expect(check([{ ...hour, date: '2026-03-04' }, hour, { ...hour, keyword: 'x' }, { ...hour, cost: 50 }])).toEqual({
    ok: false,
    errors: [{ path: '3', message: message(1) }],
  });
});

test.each([
  ['the day said once and twice', { to_date: '2026-03-05' }],
  ['the usual kind said and not', { kind: 'media' }],
])('%s is one place', (_name, more) => {
  expect(check([hour, { ...hour, ...more }]).ok).toBe(false);
});

test('costs with ids, of several sources, campaigns and kinds are taken', () => {
  const rows = [{ id: '1' }, { id: '2' }, {}, { source: 'vk' }, { campaign_id: '2' }, { kind: 'fee' }];
  expect(check(rows.map((more) => ({ ...hour, ...more })))).toMatchObject({ ok: true });
});

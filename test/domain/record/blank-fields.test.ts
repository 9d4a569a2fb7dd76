import { expect, test } from 'vitest';
import { recordSchemas } from '../../../domain/record/index.ts';

const faultsOf = (entity: 'cost' | 'deal' | 'payment', row: object): string[] =>
  (recordSchemas[entity].safeParse(row).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

const amount = 'expected an amount such as 1990 or "1990.50", at most 6 digits after the point';
const instant =
  'expected an instant: ISO 8601 with an offset such as 2026-01-10T14:02:11+03:00, or milliseconds since 1970';
const name = 'expected a short lower-case name such as crm or shop-1';
const id = 'expected an id: a text or a whole number';

test('a blank field says what it should hold, as one with something else in it does', () => {
  const cost = { source: 'ads', date: '2026-01-31', vat: 'none' };
  expect(faultsOf('cost', cost)).toEqual([`cost: ${amount}`]);
  expect(faultsOf('cost', { ...cost, cost: 'много' })).toEqual([`cost: ${amount}`]);
  expect(faultsOf('cost', { vat: 'none', cost: 1 })).toEqual([
    `source: ${name}`,
    'date: expected a date such as 2026-01-31',
  ]);
  expect(faultsOf('deal', { source: 'crm', status: 'open' })).toEqual([
    `id: ${id}`,
    `created_at: ${instant}`,
    `amount: ${amount}`,
  ]);
  expect(faultsOf('payment', { source: 'shop', id: '', paid_at: '', amount: 1 })).toEqual([
    `id: ${id}`,
    `paid_at: ${instant}`,
  ]);
});

import { expect, test } from 'vitest';
import { addUpCosts } from '../../app/runtime/add-up-costs.ts';
import { costInputSchema } from '../../domain/record/cost.ts';

const hour = { source: 'vk-ads', date: '2026-03-05', campaign_id: '1', cost: '100', vat: 'included' };
const add = (...rows: readonly object[]) =>
  addUpCosts(
    rows.map((row, index) => ({ number: index + 1, input: costInputSchema.parse(row), payload: row })),
    'RUB',
  );
const costsOf = ({ pushed }: ReturnType<typeof add>) =>
  pushed.map(({ mapped }) => (mapped.ok && mapped.item.entity === 'cost' ? mapped.item.input : mapped));

test('rows of one place are added up to the last digit, and what they were read from is kept', () => {
  const tenth = { ...hour, cost: '0.100001', impressions: 3 };
  const sum = add(
    tenth,
    { ...hour, date: '2026-03-06' },
    { ...tenth, clicks: 2 },
    { ...tenth, cost: '-9999999.3', clicks: 1 },
  );
  expect(costsOf(sum)).toEqual([
    { ...hour, cost: '-9999999.099998', impressions: 9, clicks: 3 },
    { ...hour, date: '2026-03-06' },
  ]);
  expect(sum.pushed[0]?.payload).toHaveLength(3);
  expect(sum).toMatchObject({ addedUp: 3, places: 1, faults: [] });
});

test('rows with ids stay apart, and a row alone at its place is as it came', () => {
  const rows = [{ ...hour, id: '1' }, { ...hour, id: '2' }, hour];
  expect(costsOf(add(...rows))).toEqual(rows);
  expect(add(...rows)).toMatchObject({ addedUp: 0, places: 0, faults: [] });
  expect(add(hour).pushed[0]?.payload).toEqual(hour);
});

test.each([
  ['vat', { vat: 'excluded' }, 'included, excluded'],
  ['vat_rate', { vat_rate: 10 }, 'not said, 10'],
  ['currency', { currency: 'USD' }, 'RUB, USD'],
  ['deleted', { deleted: true }, 'false, true'],
])('rows of one place that differ in %s are refused by their numbers', (field, more, values) => {
  expect(add({ ...hour, date: '2026-03-06' }, hour, hour, { ...hour, ...more }).faults).toEqual([
    `  rows 2 and 4 are costs of one place (the same in all but the amounts and a name beside its id) but differ in ${field} (${values}): give each an id, or make them agree`,
  ]);
});

test('what is only spelled in two ways does not differ', () => {
  const spelled = add(
    { ...hour, vat_rate: '0.20' },
    { ...hour, vat_rate: 20, currency: 'RUB' },
    { ...hour, vat_rate: '0.2', deleted: false },
  );
  expect(spelled.faults).toEqual([]);
  expect(costsOf(spelled)).toMatchObject([{ cost: '300' }]);
});

test('a sum too large to be counted is refused', () => {
  const huge = { ...hour, cost: '9999999999' };
  expect(add(huge, huge).faults).toEqual([
    '  row 1, with the others of its place added up: cost: the amount is too large: at most 9999999999.99, ten digits before the point',
  ]);
});

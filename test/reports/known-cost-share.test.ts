import { beforeAll, expect, it } from 'vitest';
import type { Report } from '../../reports/contract.ts';
import { formats } from '../../reports/formats/index.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { testWarehouse } from '../support/clickhouse.ts';
import { ask, insertMarts, sale, utc } from './marts.ts';

let warehouse: Warehouse;

const january = '2026-01-10T12:00:00Z';

/**
 * January by payments: 1,999.00 with a known cost, 0.50 of it given back, 1.00 without, and 0.50 of a deal that nobody knows; so 1,998.50 of
 * 2,000.00. February: one sale with a known cost. March: a sale with a known cost, and a refund of another without. April: 5.00 given back.
 */
beforeAll(async () => {
  warehouse = await testWarehouse();
  const known = sale('crm:1', { at: january, amount: '1999.00' });
  const unknown = sale('crm:2', { at: january, amount: '1.00' });
  const february = sale('crm:3', { at: '2026-02-10T12:00:00Z', amount: '70.00' });
  const march = sale('crm:4', { at: '2026-03-10T12:00:00Z', amount: '80.00' });
  const other = sale('crm:5', { at: '2025-12-10T12:00:00Z', amount: '90.00' });
  const movement = (payment_key: string, deal_key: string, at: string, amount_base: string) => ({
    payment_key,
    deal_key,
    paid_at: utc(at),
    amount_base,
  });
  await insertMarts(warehouse, {
    deals: [
      { ...known.deal, cogs: '500.00' },
      unknown.deal,
      { ...february.deal, cogs: '30.00' },
      { ...march.deal, cogs: '0.00' },
      other.deal,
    ],
    payments: [
      known.payment,
      unknown.payment,
      february.payment,
      march.payment,
      other.payment,
      movement('back-1', 'crm:1', january, '-0.50'),
      movement('stray', '', january, '0.50'),
      movement('back-march', 'crm:5', '2026-03-12T12:00:00Z', '-20.00'),
      movement('back-april', 'crm:5', '2026-04-12T12:00:00Z', '-5.00'),
    ],
  });
});

const asked = { metrics: ['revenue', 'cogs'], date_basis: 'payment' };

/** Meta as a reader of the JSON answer has it. */
async function metaOf(request: object, moneySource: 'payments' | 'deals' = 'payments'): Promise<Report['meta']> {
  const report = await ask(warehouse, { ...asked, ...request }, { moneySource });
  const read: Report = JSON.parse(String(formats[0].write(report)));
  return read.meta;
}

it('meta gives the share of revenue that has a known cost as a number, not rounded to what the sentence shows', async () => {
  const meta = await metaOf({});
  expect(meta.known_cost_share).toBe(0.99925);
  expect(meta.warnings).toContainEqual(expect.stringContaining('known for 99.9 % of revenue'));
});

it('the share is 1 when every cost is known, a cost of 0 being known too, and no sentence is needed', async () => {
  expect(await metaOf({ from: '2026-02-01', to: '2026-02-28' })).toMatchObject({ known_cost_share: 1, warnings: [] });
  expect((await metaOf({ from: '2026-03-01', to: '2026-03-31' })).known_cost_share).toBe(1);
});

it('the share is null where there is no revenue to have one of', async () => {
  expect((await metaOf({ from: '2026-05-01', to: '2026-05-31' })).known_cost_share).toBeNull();
  expect((await metaOf({ from: '2026-04-01', to: '2026-04-30' })).known_cost_share).toBeNull();
});

it('the share is of what the filters on dimensions leave', async () => {
  const filters = [{ field: 'channel', op: 'eq', value: 'Email' }];
  expect((await metaOf({ filters })).known_cost_share).toBeNull();
});

it('the share is of the amounts of won deals when money comes from them', async () => {
  expect((await metaOf({ date_basis: 'deal' }, 'deals')).known_cost_share).toBe(0.9995);
});

it('every metric that needs the cost brings the share, and no other does', async () => {
  for (const metric of ['cogs', 'gross_profit', 'profit', 'roi', 'margin']) {
    expect((await metaOf({ metrics: [metric] })).known_cost_share, metric).toBe(0.99925);
  }
  expect(await metaOf({ metrics: ['revenue', 'romi', 'visits'] })).not.toHaveProperty('known_cost_share');
});

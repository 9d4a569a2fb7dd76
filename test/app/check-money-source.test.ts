import { beforeAll, expect, test } from 'vitest';
import { parseConfig } from '../../app/config/load-config.ts';
import { checkMoneySource } from '../../app/runtime/check-money-source.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { testWarehouse } from '../support/clickhouse.ts';

let warehouse: Warehouse;
beforeAll(async () => {
  warehouse = await testWarehouse();
});

const findings = (project: string, money_source: string) =>
  checkMoneySource({ warehouse, config: parseConfig(JSON.stringify({ project, money_source }), 'file', {}) });
const wonDeal = (project: string, deal_id = '1', more: object = {}) =>
  warehouse.insertRows('deals', [
    { project, deal_key: `b24:${deal_id}`, deal_source: 'b24', deal_id, status_group: 'won', ...more },
  ]);
const payment = (project: string, payment_id: string, amount_base: string) =>
  warehouse.insertRows('payments', [
    { project, payment_key: `1c:${payment_id}`, payment_source: '1c', payment_id, amount_base },
  ]);
const paid = { first_paid_at: '2026-03-05 10:00:00.000', paid_net: '100' };

test('won deals without a single payment are told where revenue is taken from payments, and nowhere else', async () => {
  expect(await findings('new', 'payments')).toEqual([]);
  await wonDeal('crm');
  expect(await findings('crm', 'payments')).toMatchObject([
    { isGood: true, isWarning: true, says: expect.stringMatching(/1 won deals and no payment.*money_source: deals/) },
  ]);
  expect(await findings('crm', 'deals')).toEqual([]);
});

test('won deals without a payment are told though others have one, unless they are few', async () => {
  for (let id = 1; id <= 9; id += 1) await wonDeal('both', String(id), paid);
  await payment('both', '1', '100');
  await wonDeal('both', 'of-1c', { same_as: 'b24:1' });
  expect(await findings('both', 'payments')).toEqual([]);
  await wonDeal('both', '10');
  expect(await findings('both', 'payments')).toMatchObject([
    { isWarning: true, says: expect.stringMatching(/^1 of 10 won deals have no payment.*order number of its deal/) },
  ]);
  await wonDeal('both', '11', paid);
  expect(await findings('both', 'payments')).toEqual([]);
});

test('refunds are told where revenue is taken from won deals, which they do not lessen', async () => {
  await wonDeal('refunded', '1', { ...paid, paid_net: '0' });
  await payment('refunded', '1', '100');
  expect(await findings('refunded', 'deals')).toEqual([]);
  await payment('refunded', '2', '-100');
  expect(await findings('refunded', 'deals')).toMatchObject([
    { isWarning: true, says: expect.stringMatching(/1 refunds.* 1 won deals .* sales.*money_source: payments/) },
  ]);
  expect(await findings('refunded', 'payments')).toEqual([]);
});

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
const wonDeal = (project: string) =>
  warehouse.insertRows('deals', [
    { project, deal_key: 'b24:1', deal_source: 'b24', deal_id: '1', status_group: 'won' },
  ]);

test('won deals without a single payment are told where revenue is taken from payments, and nowhere else', async () => {
  expect(await findings('new', 'payments')).toEqual([]);
  await wonDeal('crm');
  expect(await findings('crm', 'payments')).toMatchObject([
    { isGood: true, isWarning: true, says: expect.stringMatching(/1 won deals and no payment.*money_source: deals/) },
  ]);
  expect(await findings('crm', 'deals')).toEqual([]);
  await wonDeal('both');
  await warehouse.insertRows('payments', [
    { project: 'both', payment_key: '1c:1', payment_source: '1c', payment_id: '1' },
  ]);
  expect(await findings('both', 'payments')).toEqual([]);
});

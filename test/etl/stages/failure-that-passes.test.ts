import { expect, test } from 'vitest';
import type { Warehouse } from '../../../warehouse/warehouse.ts';
import { WarehouseError, type WarehouseErrorDetails } from '../../../warehouse/warehouse-error.ts';
import { record } from './raw.ts';
import { type Shop, useShops } from './shop.ts';

const openShop = useShops();

/** The warehouse, but the first statement that writes payments fails. */
function failingOnce({ warehouse }: Shop, details: WarehouseErrorDetails): Warehouse {
  let hasFailed = false;
  const command: Warehouse['command'] = async (sql, ...rest) => {
    if (!hasFailed && sql.includes('INSERT INTO staged_payments')) {
      hasFailed = true;
      throw new WarehouseError(`ClickHouse ${details.code}`, details);
    }
    return warehouse.command(sql, ...rest);
  };
  return new Proxy(warehouse, {
    get: (target, name) => {
      if (name === 'command') return command;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

const payments = (...ids: readonly string[]) =>
  ids.map((id) => record('payment', { source: '1c', id, paid_at: '2026-03-06T10:00:00Z', amount: 1000 }));
const counted = (shop: Shop) => shop.mart('payments', 'count() AS n, sum(amount_base) AS sum', 'n');

test('no innocent record is set aside because a statement failed once', async () => {
  const shop = openShop();
  await shop.records(...payments('1', '2', '3', '4'));
  const trouble = failingOnce(shop, { kind: 'rejected', code: 75 });
  await expect(shop.settleWith({ warehouse: trouble })).rejects.toMatchObject({ code: 75 });
  expect(await shop.settle()).toEqual({ batches: 1, rows: 4, setAside: 0 });
  expect(await counted(shop)).toEqual([{ n: '4', sum: '4000' }]);

  await shop.records(...payments('5', '6', '7', '8'));
  const blamingData = failingOnce(shop, { kind: 'bad-data', code: 407 });
  expect(await shop.settleWith({ warehouse: blamingData })).toEqual({ batches: 1, rows: 4, setAside: 0 });
  expect(await counted(shop)).toEqual([{ n: '8', sum: '8000' }]);
  expect(await shop.mart('set_aside', 'key', 'key')).toEqual([]);
});

import { expect, test } from 'vitest';
import type { Warehouse } from '../../../warehouse/warehouse.ts';
import { record } from './raw.ts';
import { type OwnShop, useScenarios } from './scenarios.ts';
import { useShops } from './shop.ts';

const openShop = useShops();
const scenario = useScenarios(openShop);

const deal = (source: string, id: string, more: Record<string, unknown> = {}, fetchedAt?: string) =>
  record('deal', { source, id, created_at: '2026-03-05T10:00:00Z', amount: 100, status: 'open', ...more }, fetchedAt);
const crm = (id: string, more: Record<string, unknown> = {}, fetchedAt?: string) => deal('crm', id, more, fetchedAt);
const onec = (id: string, more: Record<string, unknown> = {}) => deal('1c', id, { role: 'accounting', ...more });
const payment = (id: string, amount: number | string, more: Record<string, unknown> = {}, fetchedAt?: string) =>
  record('payment', { source: '1c', id, paid_at: '2026-03-06T10:00:00Z', amount, ...more }, fetchedAt);
const paymentsOf = (shop: OwnShop) => shop.mart('payments', 'payment_id, deal_key', 'payment_id');
const salesOf = (shop: OwnShop) => shop.mart('deals', 'deal_key, paid_net, is_sale, sale_no', 'deal_key');

scenario('of one order known to the CRM, the shop and 1C the CRM leads and has all the money', async (shop) => {
  await shop.records(
    crm('1', { order_id: 'A-1' }),
    deal('site', '2', { role: 'shop', order_id: 'A-1' }),
    onec('3', { order_id: 'A-1' }),
    payment('by deal', 10, { deal_id: '1', deal_source: 'crm' }),
    payment('by order', 20, { order_id: 'A-1' }),
    payment('to the follower', 30, { deal_id: '3' }),
  );
  await shop.settle();
  expect(await shop.mart('deals', 'deal_key, same_as, paid_net, is_sale', 'deal_key')).toEqual([
    { deal_key: '1c:3', same_as: 'crm:1', paid_net: '0', is_sale: false },
    { deal_key: 'crm:1', same_as: '', paid_net: '60', is_sale: true },
    { deal_key: 'site:2', same_as: 'crm:1', paid_net: '0', is_sale: false },
  ]);
  expect(await shop.mart('clients', 'deals, sales, revenue')).toEqual([{ deals: 1, sales: 1, revenue: '60' }]);
});

scenario('when the deal of the CRM comes after the order of 1C, the money moves to it', async (shop) => {
  await shop.records(onec('3', { order_id: 'A-1' }), payment('p', 30, { deal_id: '3' }));
  await shop.settle();
  expect(await paymentsOf(shop)).toEqual([{ payment_id: 'p', deal_key: '1c:3' }]);
  await shop.records(crm('1', { order_id: 'A-1' }));
  await shop.settle();
  expect(await paymentsOf(shop)).toEqual([{ payment_id: 'p', deal_key: 'crm:1' }]);
});

scenario('a payment before its deal waits without a deal', async (shop) => {
  await shop.records(payment('p', 30, { deal_id: '1', deal_source: 'crm' }));
  await shop.settle();
  expect(await shop.mart('payments', 'deal_key, client_id, amount_base')).toEqual([
    { deal_key: '', client_id: '', amount_base: '30' },
  ]);
  await shop.records(crm('1'));
  await shop.settle();
  expect(await salesOf(shop)).toEqual([{ deal_key: 'crm:1', paid_net: '30', is_sale: true, sale_no: 1 }]);
});

scenario('a payment whose deal is deleted stays without a deal', async (shop) => {
  await shop.records(crm('1', {}, '2026-06-01T00:00:00Z'), payment('p', 30, { deal_id: '1', deal_source: 'crm' }));
  await shop.settle();
  await shop.records(crm('1', { deleted: true }, '2026-06-02T00:00:00Z'));
  await shop.settle();
  expect(await paymentsOf(shop)).toEqual([{ payment_id: 'p', deal_key: '' }]);
});

scenario('a payment that names one deal and the order of another stays with the deal that it names', async (shop) => {
  await shop.records(
    crm('1'),
    crm('2', { order_id: 'A-2' }),
    payment('p', 30, { deal_id: '1', deal_source: 'crm', order_id: 'A-2' }),
  );
  await shop.settle();
  await shop.records(crm('2', { order_id: 'A-2', amount: 200 }, '2026-06-02T00:00:00Z'));
  await shop.settle();
  expect(await paymentsOf(shop)).toEqual([{ payment_id: 'p', deal_key: 'crm:1' }]);
});

scenario('a payment leaves the deal of its order when the deal that it names appears', async (shop) => {
  await shop.records(
    crm('2', { order_id: 'A-2' }),
    payment('p', 30, { deal_id: '1', deal_source: 'crm', order_id: 'A-2' }),
  );
  await shop.settle();
  await shop.records(crm('1'));
  await shop.settle();
  expect(await salesOf(shop)).toEqual([
    { deal_key: 'crm:1', paid_net: '30', is_sale: true, sale_no: 1 },
    { deal_key: 'crm:2', paid_net: '0', is_sale: false, sale_no: 0 },
  ]);
});

scenario('a payment corrected to another deal moves its money', async (shop) => {
  await shop.records(
    crm('1'),
    crm('2'),
    payment('p', 30, { deal_id: '1', deal_source: 'crm' }, '2026-06-01T00:00:00Z'),
  );
  await shop.settle();
  await shop.records(payment('p', 40, { deal_id: '2', deal_source: 'crm' }, '2026-06-02T00:00:00Z'));
  await shop.settle();
  expect(await shop.mart('deals', 'deal_key, paid_net', 'deal_key')).toEqual([
    { deal_key: 'crm:1', paid_net: '0' },
    { deal_key: 'crm:2', paid_net: '40' },
  ]);
});

scenario('a cancelled payment is gone and one cancelled by mistake comes back', async (shop) => {
  const paid = { deal_id: '1', deal_source: 'crm' };
  await shop.records(crm('1'), payment('p', 30, paid, '2026-06-01T00:00:00Z'));
  await shop.settle();
  await shop.records(payment('p', 30, { ...paid, cancelled: true }, '2026-06-02T00:00:00Z'));
  await shop.settle();
  expect(await salesOf(shop)).toEqual([{ deal_key: 'crm:1', paid_net: '0', is_sale: false, sale_no: 0 }]);
  expect(await paymentsOf(shop)).toEqual([]);
  await shop.records(payment('p', 30, paid, '2026-06-03T00:00:00Z'));
  await shop.settle();
  expect(await salesOf(shop)).toEqual([{ deal_key: 'crm:1', paid_net: '30', is_sale: true, sale_no: 1 }]);
});

scenario('a sale lasts as long as more was paid than refunded and is dated by the first payment', async (shop) => {
  const of = (id: string, amount: string, day: string) =>
    payment(id, amount, { deal_id: '1', deal_source: 'crm', paid_at: `2026-03-${day}T10:00:00Z` });
  await shop.records(crm('1'), of('rest', '50.01', '09'), of('part', '49.99', '07'), of('back', '-99.99', '10'));
  await shop.settle();
  const columns = 'paid_net, is_sale, sale_at, first_paid_at';
  expect(await shop.mart('deals', columns)).toEqual([
    {
      paid_net: '0.01',
      is_sale: true,
      sale_at: '2026-03-07 10:00:00.000',
      first_paid_at: '2026-03-07 10:00:00.000',
    },
  ]);
  await shop.records(of('all back', '-0.01', '11'));
  await shop.settle();
  expect(await shop.mart('deals', columns)).toEqual([
    { paid_net: '0', is_sale: false, sale_at: null, first_paid_at: '2026-03-07 10:00:00.000' },
  ]);
});

scenario('sales of a person are numbered anew when an earlier one comes late', async (shop) => {
  const client = { id: 'c1' };
  const paid = (id: string, day: string) =>
    payment(`p${id}`, 10, { deal_id: id, deal_source: 'crm', paid_at: `2026-03-${day}T10:00:00Z` });
  await shop.records(
    crm('1', { client }),
    crm('2', { client }),
    crm('3', { client }),
    paid('1', '20'),
    paid('2', '20'),
  );
  await shop.settle();
  const columns = 'deal_id, sale_no, first_sale_path';
  expect(await shop.mart('deals', columns, 'deal_id')).toEqual([
    { deal_id: '1', sale_no: 1, first_sale_path: 'deal:crm:1' },
    { deal_id: '2', sale_no: 2, first_sale_path: 'deal:crm:1' },
    { deal_id: '3', sale_no: 0, first_sale_path: 'deal:crm:1' },
  ]);
  await shop.records(paid('3', '10'));
  await shop.settle();
  expect(await shop.mart('deals', columns, 'deal_id')).toEqual([
    { deal_id: '1', sale_no: 2, first_sale_path: 'deal:crm:3' },
    { deal_id: '2', sale_no: 3, first_sale_path: 'deal:crm:3' },
    { deal_id: '3', sale_no: 1, first_sale_path: 'deal:crm:3' },
  ]);
});

test('where the money is told by deals, won deals are sales at their end', async () => {
  const shop = openShop({ moneySource: 'deals' });
  await shop.records(
    crm('1', { status: 'won', closed_at: '2026-03-09T10:00:00Z' }),
    crm('2', { status: 'won' }),
    crm('3', { status: 'lost' }),
    payment('p', 10, { deal_id: '3', deal_source: 'crm' }),
  );
  await shop.settle();
  expect(await shop.mart('deals', 'deal_id, is_sale, sale_at', 'deal_id')).toEqual([
    { deal_id: '1', is_sale: true, sale_at: '2026-03-09 10:00:00.000' },
    { deal_id: '2', is_sale: true, sale_at: '2026-03-05 10:00:00.000' },
    { deal_id: '3', is_sale: false, sale_at: null },
  ]);
});

scenario('merged deals are one: what names any of them leads to the last', async (shop) => {
  await shop.records(
    crm('1', { merged_into: '2', order_id: 'A-1' }),
    crm('2', { merged_into: '3' }),
    crm('3'),
    onec('9', { order_id: 'A-1' }),
    payment('by id', 10, { deal_id: '1', deal_source: 'crm' }),
    payment('by order', 20, { order_id: 'A-1' }),
  );
  await shop.settle();
  expect(await shop.mart('deals', 'deal_key, same_as, paid_net', 'deal_key')).toEqual([
    { deal_key: '1c:9', same_as: 'crm:3', paid_net: '0' },
    { deal_key: 'crm:1', same_as: 'crm:3', paid_net: '0' },
    { deal_key: 'crm:2', same_as: 'crm:3', paid_net: '0' },
    { deal_key: 'crm:3', same_as: '', paid_net: '30' },
  ]);
  expect(await shop.mart('leads', 'lead_id')).toEqual([{ lead_id: 'deal:crm:3' }]);
});

scenario('a deal that its source deletes because it merged it still leads to the other', async (shop) => {
  await shop.records(
    crm('1', { merged_into: '2', deleted: true }),
    crm('2'),
    payment('p', 10, { deal_id: '1', deal_source: 'crm' }),
  );
  await shop.settle();
  expect(await paymentsOf(shop)).toEqual([{ payment_id: 'p', deal_key: 'crm:2' }]);
});

scenario('a deal merged into one that nobody knows counts itself', async (shop) => {
  await shop.records(crm('1', { merged_into: '2' }), payment('p', 10, { deal_id: '1', deal_source: 'crm' }));
  await shop.settle();
  expect(await shop.mart('deals', 'same_as, is_sale')).toEqual([{ same_as: '', is_sale: true }]);
});

scenario('an excluded deal is no sale, whatever was paid', async (shop) => {
  await shop.records(crm('1', { status: 'excluded' }), payment('p', 10, { deal_id: '1', deal_source: 'crm' }));
  await shop.settle();
  expect(await shop.mart('deals', 'is_sale, paid_net')).toEqual([{ is_sale: false, paid_net: '10' }]);
  expect(await shop.mart('clients', 'deals, sales')).toEqual([{ deals: 0, sales: 0 }]);
});

/** A warehouse that merges older versions of payments away as soon as newer ones are written, as the database does whenever it likes. */
function mergingPayments(warehouse: Warehouse): Warehouse {
  const command: Warehouse['command'] = async (sql, ...rest) => {
    await warehouse.command(sql, ...rest);
    const written = /INSERT INTO ((?:staged_)?payments)\b/.exec(sql)?.[1];
    if (written !== undefined) await warehouse.command(`OPTIMIZE TABLE ${written} FINAL`);
  };
  return {
    ...warehouse,
    database: warehouse.database,
    db: warehouse.db,
    query: warehouse.query.bind(warehouse),
    command,
    insertRows: warehouse.insertRows.bind(warehouse),
  };
}

test('a payment corrected to another deal or order moves its money though the database forgot what it said before', async () => {
  const shop = openShop();
  const ofDeal = (deal_id: string) => ({ deal_id, deal_source: 'crm' });
  await shop.records(
    ...['1', '2', '3', '4'].map((id) => crm(id, { order_id: `A-${id}` })),
    payment('p', 30, ofDeal('1'), '2026-06-01T00:00:00Z'),
    payment('q', 50, { order_id: 'A-3' }, '2026-06-01T00:00:00Z'),
  );
  await shop.settle();
  await shop.records(
    payment('p', 40, ofDeal('2'), '2026-06-02T00:00:00Z'),
    payment('q', 60, { order_id: 'A-4' }, '2026-06-02T00:00:00Z'),
  );
  await shop.settleWith({ warehouse: mergingPayments(shop.warehouse) });
  expect(await shop.mart('deals', 'deal_key, paid_net', 'deal_key')).toEqual([
    { deal_key: 'crm:1', paid_net: '0' },
    { deal_key: 'crm:2', paid_net: '40' },
    { deal_key: 'crm:3', paid_net: '0' },
    { deal_key: 'crm:4', paid_net: '60' },
  ]);
});

import { expect } from 'vitest';
import { inAnyOrder } from './arrival-orders.ts';
import { type Loose, record } from './raw.ts';
import { type OwnShop, useScenarios } from './scenarios.ts';

const scenario = useScenarios();

const day = (number: number): string => `2026-03-${String(number).padStart(2, '0')}T10:00:00.000Z`;
const order = (version: number, more: object): Loose =>
  record(
    'deal',
    { source: 'onec', id: '500', role: 'accounting', created_at: day(1), amount: 1000, status: 'open', ...more },
    day(version),
  );
/** The order told whole: with all its payments. */
const listing = (version: number, ...documents: readonly string[]): Loose =>
  order(version, { lists_payments: documents.map((document) => `${document}:500`) });
const payment = (id: string, version: number, more: object = {}): Loose =>
  record('payment', { source: 'onec', id, deal_id: '500', paid_at: day(2), amount: 400, ...more }, day(version));
const part = (document: string, version: number, more: object = {}): Loose =>
  payment(`${document}:500`, version, { part_of: document, ...more });
const implied = (version: number, more: object = {}): Loose =>
  payment('500:paid', version, { amount: 1000, implied: true, ...more });

const older = [listing(4, 'p1', 'p2'), part('p1', 4), part('p2', 4)];
const newer = [listing(6, 'p1'), part('p1', 6)];
const paymentsOf = async (shop: OwnShop): Promise<unknown[]> =>
  (await shop.mart('payments', 'payment_id', 'payment_id')).map(({ payment_id }) => payment_id);

scenario('a payment that its order lists no more is gone, whichever list comes first', async (_shop, open) => {
  for (const shop of await inAnyOrder(open, older, newer)) expect(await paymentsOf(shop)).toEqual(['p1:500']);
});

scenario('of two lists of one day the last that came counts, when the files tell no time of day', async (shop) => {
  await shop.records(...older);
  await shop.settle();
  const { row } = listing(4, 'p1');
  await shop.records(record('deal', { ...row, updated_at: day(4) }, day(5)));
  await shop.settle();
  expect(await paymentsOf(shop)).toEqual(['p1:500']);
});

scenario('an order told without a list, by an answer or by a site, takes no payment back', async (shop) => {
  await shop.records(...older, order(6, {}));
  await shop.settle();
  expect(await paymentsOf(shop)).toEqual(['p1:500', 'p2:500']);
});

scenario('a payment told by itself is no part of the list, and one that is listed again is back', async (shop) => {
  await shop.records(...older, payment('p3', 3));
  await shop.settle();
  await shop.records(...newer);
  await shop.settle();
  expect(await paymentsOf(shop)).toEqual(['p1:500', 'p3']);
  await shop.records(listing(7, 'p1', 'p2'), part('p1', 7), part('p2', 7));
  await shop.settle();
  expect(await paymentsOf(shop)).toEqual(['p1:500', 'p2:500', 'p3']);
});

scenario('when the list is empty, what the order says of itself at that time counts', async (_shop, open) => {
  const paid = [listing(4, 'p1'), implied(4), part('p1', 4)];
  const listed = order(6, { lists_payments: ['500:paid'] });
  for (const shop of await inAnyOrder(open, paid, [listed, implied(6)]))
    expect(await paymentsOf(shop)).toEqual(['500:paid']);
});

scenario('an order told whole with no payment has none, whatever it said before of itself', async (_shop, open) => {
  const paid = [listing(4, 'p1'), implied(4), part('p1', 4)];
  for (const shop of await inAnyOrder(open, paid, [listing(6)])) {
    expect(await paymentsOf(shop)).toEqual([]);
    expect(await shop.mart('deals', 'is_sale, paid_net')).toEqual([{ is_sale: false, paid_net: '0' }]);
  }
});

scenario('an answer that is newer than the whole order pays it', async (_shop, open) => {
  for (const shop of await inAnyOrder(open, [listing(6)], [implied(7)]))
    expect(await paymentsOf(shop)).toEqual(['500:paid']);
});

scenario('a document within two orders pays each of them its part, until one lists it no more', async (_shop, open) => {
  const other = (version: number, ...ids: readonly string[]): Loose =>
    order(version, { id: '600', lists_payments: ids });
  const both = [
    listing(4, 'p1'),
    part('p1', 4),
    other(4, 'p1:600'),
    payment('p1:600', 4, { deal_id: '600', part_of: 'p1', amount: 600 }),
  ];
  const asked = (shop: OwnShop) => shop.mart('payments', 'payment_id, deal_key, amount', 'payment_id');
  for (const shop of await inAnyOrder(open, both, [listing(6, 'p1'), part('p1', 6, { amount: 1000 }), other(6)]))
    expect(await asked(shop)).toEqual([{ payment_id: 'p1:500', deal_key: 'onec:500', amount: '1000' }]);
  const again = open();
  await again.records(...both);
  await again.settle();
  await again.records(listing(6, 'p1'), part('p1', 6));
  await again.settle();
  expect(await asked(again)).toEqual([
    { payment_id: 'p1:500', deal_key: 'onec:500', amount: '400' },
    { payment_id: 'p1:600', deal_key: 'onec:600', amount: '600' },
  ]);
});

scenario('a document told within its order and by itself counts once, as the newer tells it', async (_shop, open) => {
  const within = [listing(4, 'p1'), part('p1', 4)];
  for (const shop of await inAnyOrder(open, within, [payment('p1', 5)])) expect(await paymentsOf(shop)).toEqual(['p1']);
  for (const shop of await inAnyOrder(open, within, [payment('p1', 5, { cancelled: true })]))
    expect(await paymentsOf(shop)).toEqual([]);
  for (const shop of await inAnyOrder(open, within, [payment('p1', 3)]))
    expect(await paymentsOf(shop)).toEqual(['p1:500']);
});

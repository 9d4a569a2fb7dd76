import { expect } from 'vitest';
import { inAnyOrder } from './arrival-orders.ts';
import { type Loose, record } from './raw.ts';
import { type OwnShop, useScenarios } from './scenarios.ts';

const scenario = useScenarios();

const day = (number: number): string => `2026-03-${String(number).padStart(2, '0')}T10:00:00.000Z`;
const order = (version: number, more: object = { lists_payments: true }): Loose =>
  record(
    'deal',
    { source: 'onec', id: '500', role: 'accounting', created_at: day(1), amount: 1000, status: 'open', ...more },
    day(version),
  );
const payment = (id: string, version: number, more: object = { attached: true }): Loose =>
  record('payment', { source: 'onec', id, deal_id: '500', paid_at: day(2), amount: 400, ...more }, day(version));
const implied = (version: number): Loose => payment('500:paid', version, { amount: 1000, implied: true });

const older = [order(4), payment('p1', 4), payment('p2', 4)];
const newer = [order(6), payment('p1', 6)];
const paymentsOf = async (shop: OwnShop): Promise<unknown[]> =>
  (await shop.mart('payments', 'payment_id', 'payment_id')).map(({ payment_id }) => payment_id);

scenario('a payment that its order lists no more is gone, whichever list comes first', async (_shop, open) => {
  for (const shop of await inAnyOrder(open, older, newer)) expect(await paymentsOf(shop)).toEqual(['p1']);
});

scenario('an order told without a list, by an answer or by a site, takes no payment back', async (shop) => {
  await shop.records(...older);
  await shop.settle();
  await shop.records(order(6, {}));
  await shop.settle();
  expect(await paymentsOf(shop)).toEqual(['p1', 'p2']);
});

scenario('a payment told by itself is no part of the list, and one that is listed again is back', async (shop) => {
  await shop.records(...older, payment('p3', 3, {}));
  await shop.settle();
  await shop.records(...newer);
  await shop.settle();
  expect(await paymentsOf(shop)).toEqual(['p1', 'p3']);
  await shop.records(order(7), payment('p1', 7), payment('p2', 7));
  await shop.settle();
  expect(await paymentsOf(shop)).toEqual(['p1', 'p2', 'p3']);
});

scenario('when the list is empty, what the order says of itself counts', async (shop) => {
  await shop.records(order(4), implied(4), payment('p1', 4));
  await shop.settle();
  expect(await paymentsOf(shop)).toEqual(['p1']);
  await shop.records(order(6), implied(6));
  await shop.settle();
  expect(await paymentsOf(shop)).toEqual(['500:paid']);
});

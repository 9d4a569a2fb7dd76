import { expect, test } from 'vitest';
import { type Loose, record } from './raw.ts';
import { type OwnShop, useScenarios } from './scenarios.ts';
import { useShops } from './shop.ts';

const openShop = useShops();
const scenario = useScenarios(openShop);

const day = (number: number): string => `2026-03-${String(number).padStart(2, '0')}T10:00:00.000Z`;

const order = (version: number, more: object = {}): Loose =>
  record('deal', { ...facts, status: 'open', stage: 'N', status_name: 'Новый', ...more }, day(version));
const facts = { source: 'onec', id: '500', role: 'accounting', created_at: day(1), amount: '1000', currency: 'RUB' };

const implied = (version: number, more: object = {}): Loose =>
  record(
    'payment',
    { source: 'onec', id: '500:paid', deal_id: '500', paid_at: day(2), implied: true, ...more },
    day(version),
  );
const documented = (version: number, more: object = {}): Loose =>
  record(
    'payment',
    { source: 'onec', id: 'p1', deal_id: '500', paid_at: day(3), amount: '400', ...more },
    day(version),
  );

const told = (version: number, stage: string, status: string, more: object = {}): Loose =>
  record(
    'stage',
    {
      source: 'onec',
      id: `500:${version}`,
      deal_id: '500',
      entered_at: day(version),
      stage,
      status,
      tells_deal: true,
      ...more,
    },
    day(version),
  );

const paymentsOf = (shop: OwnShop) =>
  shop.mart('payments', 'payment_id, toString(amount) AS amount, currency, deal_key');
const dealOf = async (shop: OwnShop) => (await shop.mart('deals', 'status, status_name, status_group, closed_at'))[0];
const refusedBy = (shop: OwnShop) => shop.mart('rejected', 'reason, place');

/** What a question is answered after all at once, and after the newest first, each in a run of its own, with one repeated. Every order is tried by any-order.test.ts. */
async function inAnyOrder<Answer>(
  open: () => OwnShop,
  records: readonly Loose[],
  ask: (shop: OwnShop) => Promise<Answer>,
): Promise<Answer[]> {
  const [atOnce, newestFirst] = [open(), open()];
  await atOnce.records(...records);
  for (const one of [...records.toReversed(), ...records.slice(-1)]) {
    await newestFirst.records(one);
    await newestFirst.settle();
  }
  const answers = [await ask(atOnce), await ask(newestFirst)];
  return [...new Map(answers.map((answer) => [JSON.stringify(answer), answer])).values()];
}

const ofOrder = { currency: 'RUB', deal_key: 'onec:500' };

scenario(
  'an order that says it is paid and a document that pays it are one payment, whichever comes first',
  async (_shop, open) => {
    const records = [order(4), implied(4, { amount: '1000' }), documented(5)];
    expect(await inAnyOrder(open, records, paymentsOf)).toEqual([[{ payment_id: 'p1', amount: '400', ...ofOrder }]]);
  },
);

scenario('when the document is cancelled, what the order says of itself counts again', async (_shop, open) => {
  const records = [order(4), implied(4, { amount: '1000' }), documented(5), documented(6, { cancelled: true })];
  expect(await inAnyOrder(open, records, paymentsOf)).toEqual([
    [{ payment_id: '500:paid', amount: '1000', ...ofOrder }],
  ]);
});

scenario(
  'a document that moves to another order no longer pays the first, even when neither order is known',
  async (_shop, open) => {
    const records = [implied(4, { amount: '1000' }), documented(5), documented(6, { deal_id: '501' })];
    const facts = { currency: 'RUB', deal_key: '' };
    expect(await inAnyOrder(open, records, paymentsOf)).toEqual([
      [
        { payment_id: '500:paid', amount: '1000', ...facts },
        { payment_id: 'p1', amount: '400', ...facts },
      ],
    ]);
  },
);

scenario('a refund and a document of another source do not pay an order', async (shop) => {
  const refund = documented(5, { amount: '-100' });
  const other = record(
    'payment',
    { source: 'shop', id: 's1', deal_id: '500', deal_source: 'onec', paid_at: day(3), amount: '7' },
    day(5),
  );
  await shop.records(order(4), implied(4, { amount: '1000' }), refund, other);
  await shop.settle();
  expect((await paymentsOf(shop)).map((payment) => payment.amount).sort()).toEqual(['-100', '1000', '7']);
});

scenario(
  'a payment without a sum is as large as its order, whichever comes first, and follows it',
  async (_shop, open) => {
    const records = [order(4, { amount: '900' }), order(6), implied(5)];
    expect(await inAnyOrder(open, records, paymentsOf)).toEqual([
      [{ payment_id: '500:paid', amount: '1000', ...ofOrder }],
    ]);
  },
);

scenario('a payment without a sum is refused while its order is not known, and no longer when it is', async (shop) => {
  await shop.records(implied(5));
  await shop.settle();
  expect(await paymentsOf(shop)).toEqual([]);
  expect(await refusedBy(shop)).toEqual([{ reason: 'no_sum', place: 'onec:500:paid' }]);
  await shop.records(order(4));
  await shop.settle();
  expect(await paymentsOf(shop)).toEqual([{ payment_id: '500:paid', amount: '1000', ...ofOrder }]);
  expect(await refusedBy(shop)).toEqual([]);
});

scenario(
  'a newer status told without the order decides status, group and end of the order, whichever comes first',
  async (_shop, open) => {
    const records = [order(4), told(6, 'F', 'won', { stage_name: 'Доставлен' }), told(5, 'X', 'lost')];
    expect(await inAnyOrder(open, records, dealOf)).toEqual([
      { status: 'F', status_name: 'Доставлен', status_group: 'won', closed_at: '2026-03-06 10:00:00.000' },
    ]);
  },
);

scenario('an order that is newer than what was told without it decides itself', async (_shop, open) => {
  const records = [order(7), told(6, 'F', 'won')];
  expect(await inAnyOrder(open, records, dealOf)).toEqual([
    { status: 'N', status_name: 'Новый', status_group: 'open', closed_at: null },
  ]);
});

scenario('a status that is told again does not move the end of the order', async (_shop, open) => {
  const records = [order(4), told(5, 'F', 'won'), told(9, 'F', 'won')];
  expect(await inAnyOrder(open, records, dealOf)).toEqual([
    { status: 'F', status_name: '', status_group: 'won', closed_at: '2026-03-05 10:00:00.000' },
  ]);
});

scenario(
  'an order cancelled without naming a status keeps its status and is open again when that is taken back',
  async (shop) => {
    await shop.records(order(4), told(5, '', 'lost'));
    await shop.settle();
    expect(await dealOf(shop)).toEqual({
      status: 'N',
      status_name: 'Новый',
      status_group: 'lost',
      closed_at: '2026-03-05 10:00:00.000',
    });
    await shop.records(told(6, '', 'open'));
    await shop.settle();
    expect(await dealOf(shop)).toEqual({ status: 'N', status_name: 'Новый', status_group: 'open', closed_at: null });
  },
);

scenario(
  'a status that is told without the order and then gone leaves the order as it told itself',
  async (_shop, open) => {
    const records = [
      order(4),
      told(5, 'F', 'won'),
      record('stage', { ...told(5, 'F', 'won').row, deleted: true }, day(6)),
    ];
    expect(await inAnyOrder(open, records, dealOf)).toMatchObject([{ status: 'N', status_group: 'open' }]);
  },
);

scenario('steps of a history that do not tell the deal decide nothing', async (shop) => {
  const { tells_deal: _, ...step } = told(9, 'F', 'won').row;
  await shop.records(order(4), record('stage', step, day(9)));
  await shop.settle();
  expect(await dealOf(shop)).toMatchObject({ status: 'N', status_group: 'open' });
});

test('with money from deals an order that was won without being sent again is a sale on the day it was won', async () => {
  const shop = openShop({ moneySource: 'deals' });
  await shop.records(order(4), told(6, 'F', 'won'));
  await shop.settle();
  expect(await shop.mart('deals', 'is_sale, sale_at')).toEqual([{ is_sale: true, sale_at: '2026-03-06 10:00:00.000' }]);
});

import { expect } from 'vitest';
import { inAnyOrder } from './arrival-orders.ts';
import { type Loose, record } from './raw.ts';
import { type OwnShop, useScenarios } from './scenarios.ts';

const scenario = useScenarios();

const day = (number: number): string => `2026-03-${String(number).padStart(2, '0')}T10:00:00.000Z`;
const order = (id: string, version: number, more: object = {}): Loose =>
  record(
    'deal',
    {
      source: 'onec',
      id,
      role: 'accounting',
      order_id: 'A-1',
      created_at: day(1),
      amount: 1000,
      status: 'open',
      ...more,
    },
    day(version),
  );
const implied = (id: string, version: number, more: object = {}): Loose =>
  record(
    'payment',
    {
      source: 'onec',
      id: `${id}:paid`,
      deal_id: id,
      order_id: 'A-1',
      paid_at: day(2),
      amount: 1000,
      implied: true,
      ...more,
    },
    day(version),
  );
const documented = (id: string, amount: number, more: object = {}): Loose =>
  record('payment', { source: 'onec', id, paid_at: day(3), amount, ...more }, day(5));

const leadersOf = (shop: OwnShop) => shop.mart('deals', 'deal_key, same_as, paid_net', 'deal_key');
const paymentsOf = (shop: OwnShop) => shop.mart('payments', 'payment_id, deal_key', 'payment_id');
const site = [order('A-1', 4), implied('A-1', 4)];
const accounting = [order('guid', 6, { amount: 1100 }), implied('guid', 6, { amount: 1100 })];

/** What shops answer into which the records of both systems came in different orders; each answer once. */
async function answersInAnyOrder<Answer>(
  open: () => OwnShop,
  ask: (shop: OwnShop) => Promise<Answer>,
): Promise<Answer[]> {
  const shops = await inAnyOrder(open, site, accounting);
  const answers = await Promise.all(shops.map(ask));
  return [...new Map(answers.map((answer) => [JSON.stringify(answer), answer])).values()];
}

scenario(
  'an order under its id of the site and under that of 1C is one, as the newest tells it',
  async (_shop, open) => {
    const asked = (shop: OwnShop) => Promise.all([leadersOf(shop), paymentsOf(shop)]);
    expect(await answersInAnyOrder(open, asked)).toEqual([
      [
        [
          { deal_key: 'onec:A-1', same_as: 'onec:guid', paid_net: '0' },
          { deal_key: 'onec:guid', same_as: '', paid_net: '1100' },
        ],
        [{ payment_id: 'guid:paid', deal_key: 'onec:guid' }],
      ],
    ]);
  },
);

scenario(
  'payments and refunds that name either id, or the number, belong to it; then what it implies does not count',
  async (shop) => {
    await shop.records(...site, documented('p1', 700, { deal_id: 'A-1' }));
    await shop.settle();
    await shop.records(
      ...accounting,
      documented('p2', 400, { deal_id: 'guid' }),
      documented('p3', -100, { deal_id: 'A-1' }),
      documented('p4', 5, { order_id: 'A-1' }),
    );
    await shop.settle();
    expect(await paymentsOf(shop)).toEqual(
      ['p1', 'p2', 'p3', 'p4'].map((payment_id) => ({ payment_id, deal_key: 'onec:guid' })),
    );
    expect(await shop.mart('clients', 'deals, sales, revenue')).toEqual([{ deals: 1, sales: 1, revenue: '1005' }]);
  },
);

scenario('when the newer record is gone, the older one is the order again', async (shop) => {
  await shop.records(...site, ...accounting);
  await shop.settle();
  await shop.records(order('guid', 7, { deleted: true }), implied('guid', 7, { deleted: true }));
  await shop.settle();
  expect(await leadersOf(shop)).toEqual([{ deal_key: 'onec:A-1', same_as: '', paid_net: '1000' }]);
  expect(await paymentsOf(shop)).toEqual([{ payment_id: 'A-1:paid', deal_key: 'onec:A-1' }]);
});

scenario('what the newer record denies or cancels, the older one implies no more', async (_shop, open) => {
  for (const denied of [{ cancelled: true }, { cancelled: true, amount: undefined }])
    for (const shop of await inAnyOrder(open, site, [order('guid', 6), implied('guid', 6, denied)])) {
      expect(await paymentsOf(shop)).toEqual([]);
      expect(await shop.mart('clients', 'deals, sales, revenue')).toEqual([{ deals: 1, sales: 0, revenue: '0' }]);
    }
});

scenario(
  'what was told within the older record is gone when the newer one is told whole without it',
  async (_shop, open) => {
    const within = (id: string, version: number): Loose =>
      record(
        'payment',
        { source: 'onec', id: `p1:${id}`, part_of: 'p1', deal_id: id, order_id: 'A-1', paid_at: day(3), amount: 1000 },
        day(version),
      );
    const paid = [order('A-1', 4, { lists_payments: ['p1:A-1'] }), within('A-1', 4), implied('A-1', 4)];
    for (const shop of await inAnyOrder(open, paid, [order('guid', 6, { lists_payments: [] })]))
      expect(await paymentsOf(shop)).toEqual([]);
    const same = [order('guid', 6, { lists_payments: ['p1:guid'] }), within('guid', 6)];
    for (const shop of await inAnyOrder(open, paid, same))
      expect(await paymentsOf(shop)).toEqual([{ payment_id: 'p1:guid', deal_key: 'onec:guid' }]);
    const undated = [order('guid', 6), within('guid', 6)];
    for (const shop of await inAnyOrder(open, [order('A-1', 4), within('A-1', 4)], undated))
      expect(await paymentsOf(shop)).toEqual([{ payment_id: 'p1:guid', deal_key: 'onec:guid' }]);
    const answered = [order('guid', 6, { lists_payments: [] }), implied('A-1', 8)];
    for (const shop of await inAnyOrder(open, paid, answered))
      expect(await paymentsOf(shop)).toEqual([{ payment_id: 'A-1:paid', deal_key: 'onec:guid' }]);
  },
);

scenario('a deal of the CRM leads both records, and has what they imply once', async (shop) => {
  await shop.records(
    ...site,
    ...accounting,
    record('deal', { source: 'crm', id: '7', order_id: 'A-1', created_at: day(3), amount: 900, status: 'won' }),
  );
  await shop.settle();
  expect(await leadersOf(shop)).toEqual([
    { deal_key: 'crm:7', same_as: '', paid_net: '1100' },
    { deal_key: 'onec:A-1', same_as: 'crm:7', paid_net: '0' },
    { deal_key: 'onec:guid', same_as: 'crm:7', paid_net: '0' },
  ]);
});

scenario('two deals of a CRM with one number, and orders of two sources of one kind, count each', async (shop) => {
  const crm = (id: string): Loose =>
    record('deal', { source: 'crm', id, order_id: 'A-2', created_at: day(1), amount: 10, status: 'won' });
  await shop.records(
    crm('1'),
    crm('2'),
    order('9', 4, { order_id: 'A-3' }),
    order('9', 4, { source: 'b2b', order_id: 'A-3' }),
  );
  await shop.settle();
  expect((await leadersOf(shop)).map(({ same_as }) => same_as)).toEqual(['', '', '', '']);
});

/** A deal of the CRM, the first or the second one of an order. */
const crm = (orderId: string, number: 1 | 2, status: string, version = 5): Loose =>
  record(
    'deal',
    {
      source: 'crm',
      id: `${orderId}/${number}`,
      order_id: orderId,
      created_at: `2026-03-01T1${number}:00:00Z`,
      amount: 10,
      status,
    },
    day(version),
  );
/** The order in 1C with 500 that name it by its id and 1000 that name its number alone. */
const knownTo1c = (orderId: string): Loose[] => [
  order(`guid of ${orderId}`, 5, { order_id: orderId }),
  documented(`number of ${orderId}`, 1000, { order_id: orderId }),
  documented(`id of ${orderId}`, 500, { deal_id: `guid of ${orderId}` }),
];
const moneyOf = (shop: OwnShop) =>
  shop.mart('deals', 'deal_id, same_as, paid_net, is_sale', '(order_id, deal_source, deal_id)');
const ledBy = (orderId: string, leader: 1 | 2, isSale = true) => [
  ...[1, 2].map((number) => ({
    deal_id: `${orderId}/${number}`,
    same_as: '',
    paid_net: number === leader ? '1500' : '0',
    is_sale: number === leader && isSale,
  })),
  { deal_id: `guid of ${orderId}`, same_as: `crm:${orderId}/${leader}`, paid_net: '0', is_sale: false },
];

scenario(
  'of deals of a CRM with one number the earliest leads that is not excluded, before the lost, whichever comes first',
  async (_shop, open) => {
    const cases = [
      ['B-1', 'excluded', 'won', 2],
      ['B-2', 'excluded', 'lost', 2],
      ['B-3', 'lost', 'open', 2],
      ['B-4', 'lost', 'excluded', 1],
      ['B-5', 'open', 'won', 1],
    ] as const;
    const first = cases.flatMap(([id, status]) => [crm(id, 1, status), ...knownTo1c(id)]);
    const second = cases.map(([id, , status]) => crm(id, 2, status));
    for (const shop of await inAnyOrder(open, first, second))
      expect(await moneyOf(shop)).toEqual(cases.flatMap(([id, , , leader]) => ledBy(id, leader)));
  },
);

scenario('an order all of whose deals the CRM excludes is no sale, though 1C knows it as good', async (shop) => {
  await shop.records(crm('B-1', 1, 'excluded'), crm('B-1', 2, 'excluded'), ...knownTo1c('B-1'));
  await shop.settle();
  expect(await moneyOf(shop)).toEqual(ledBy('B-1', 1, false));
});

scenario('money goes over to another deal of its order when the one that led is excluded, and back', async (shop) => {
  await shop.records(crm('B-1', 1, 'open'), crm('B-1', 2, 'won'), ...knownTo1c('B-1'));
  await shop.settle();
  expect(await moneyOf(shop)).toEqual(ledBy('B-1', 1));
  const spam = { source: 'crm', id: 'h1', deal_id: 'B-1/1', entered_at: day(6), stage: 'SPAM', status: 'excluded' };
  await shop.records(record('stage', { ...spam, tells_deal: true }, day(6)));
  await shop.settle();
  expect(await moneyOf(shop)).toEqual(ledBy('B-1', 2));
  await shop.rebuild();
  expect(await moneyOf(shop)).toEqual(ledBy('B-1', 2));
  await shop.records(crm('B-1', 1, 'open', 7));
  await shop.settle();
  expect(await moneyOf(shop)).toEqual(ledBy('B-1', 1));
});

import { expect, test } from 'vitest';
import { record } from './raw.ts';
import { type OwnShop, useScenarios } from './scenarios.ts';
import { keepRates, useShops } from './shop.ts';

const openShop = useShops();
const scenario = useScenarios(openShop);

const usd = { currency: 'USD' };
const payment = (more: Record<string, unknown> = {}, fetchedAt?: string) =>
  record(
    'payment',
    { source: '1c', id: 'p', paid_at: '2026-03-06T10:00:00Z', amount: '100', ...usd, ...more },
    fetchedAt,
  );
const cost = (more: Record<string, unknown> = {}) =>
  record('cost', { source: 'ads', id: 'c', date: '2026-03-05', cost: '20', vat: 'none', ...usd, ...more });
const later = '2026-06-02T00:00:00Z';

const refused = (shop: Pick<OwnShop, 'mart'>) => shop.mart('rejected', 'entity, place, rejected_at, detail');

scenario('the day of a rate is the local day of the project', async (moscow) => {
  const newYork = openShop({ timezone: 'America/New_York' });
  const eur = { currency: 'EUR' };
  const rates = { '2026-03-04': '80', '2026-03-05': '90', '2026-03-06': '100' };
  await moscow.rates('EUR', rates);
  await keepRates(newYork, 'EUR', rates);
  for (const shop of [moscow, newYork]) {
    await shop.records(
      payment({ paid_at: '2026-03-06T01:00:00+03:00', ...eur }),
      record('deal', { source: 'crm', id: '1', created_at: '2026-03-05T04:59:59Z', amount: 1, status: 'won', ...eur }),
      cost(eur),
    );
    await shop.settle();
  }
  expect(await moscow.mart('payments', 'amount_base')).toEqual([{ amount_base: '10000' }]);
  expect(await moscow.mart('deals', 'amount_base')).toEqual([{ amount_base: '90' }]);
  expect(await newYork.mart('payments', 'amount_base')).toEqual([{ amount_base: '9000' }]);
  expect(await newYork.mart('deals', 'amount_base')).toEqual([{ amount_base: '80' }]);
  for (const shop of [moscow, newYork])
    expect(await shop.mart('costs', 'cost_gross_base')).toEqual([{ cost_gross_base: '1800' }]);
});

scenario('each day of a cost of several days is taken at its own rate', async (shop) => {
  await shop.rates('CNY', { '2026-03-04': '80', '2026-03-06': '100' });
  await shop.records(
    cost({ cost: '30', to_date: '2026-03-07', currency: 'CNY' }),
    cost({ id: 'own', currency: 'RUB', cost: '7' }),
  );
  await shop.settle();
  expect(await shop.mart('costs', 'date, rate, cost_net_base, cost_gross_base', 'cost_key')).toEqual([
    { date: '2026-03-05', rate: '80', cost_net_base: '800', cost_gross_base: '800' },
    { date: '2026-03-06', rate: '100', cost_net_base: '1000', cost_gross_base: '1000' },
    { date: '2026-03-07', rate: '100', cost_net_base: '1000', cost_gross_base: '1000' },
    { date: '2026-03-05', rate: '1', cost_net_base: '7', cost_gross_base: '7' },
  ]);
});

scenario(
  'costs of a deal take the rate itself, however small its amount is, and are rounded as the amount is',
  async (shop) => {
    await shop.rates('KZT', { '2026-03-01': '90.37' });
    const deal = (id: string, more: Record<string, unknown>) =>
      record('deal', {
        source: 'crm',
        id,
        created_at: '2026-03-05T10:00:00Z',
        status: 'won',
        currency: 'KZT',
        ...more,
      });
    await shop.records(
      deal('1', { amount: '0', cogs: '50', delivery_cost: '0.05' }),
      deal('2', { amount: '0.0001', cogs: '50' }),
      deal('3', { amount: '1.005', cogs: '1.005', delivery_cost: '1.005', currency: 'RUB' }),
    );
    await shop.settle();
    expect(await shop.mart('deals', 'amount_base, cogs_base, delivery_base', 'deal_id')).toEqual([
      { amount_base: '0', cogs_base: '4518.5', delivery_base: '4.52' },
      { amount_base: '0.01', cogs_base: '4518.5', delivery_base: '0' },
      { amount_base: '1.01', cogs_base: '1.01', delivery_base: '1.01' },
    ]);
  },
);

scenario('each new version of what has no rate is told instead of the one before', async (shop) => {
  await shop.records(payment(), cost({ id: 'other' }));
  await shop.settle();
  await shop.records(payment({ paid_at: '2026-03-07T22:00:00Z' }, later));
  await shop.settle();
  await shop.rebuild();
  expect(await refused(shop)).toEqual([
    {
      entity: 'cost',
      place: 'ads:other',
      rejected_at: '2026-06-01 00:00:00.000',
      detail: 'No rate of USD is known for 2026-03-05: it is left out of every sum.',
    },
    {
      entity: 'payment',
      place: '1c:p',
      rejected_at: '2026-06-02 00:00:00.000',
      detail: 'No rate of USD is known for 2026-03-08: it is left out of every sum.',
    },
  ]);
});

for (const [when, change] of [
  ['its source corrects the currency', { currency: 'RUB' }],
  ['it is cancelled', { cancelled: true }],
  ['its source no longer has it', { deleted: true }],
] as const)
  scenario(`a record without a rate is told no more when ${when}`, async (shop) => {
    await shop.records(payment());
    await shop.settle();
    expect(await refused(shop)).toHaveLength(1);
    await shop.records(payment(change, later));
    await shop.settle();
    expect(await refused(shop)).toEqual([]);
  });

scenario('what is cancelled before a rate is known is not told', async (shop) => {
  await shop.records(payment({ cancelled: true }));
  await shop.settle();
  expect(await refused(shop)).toEqual([]);
  expect(await shop.mart('payments', 'payment_id')).toEqual([]);
});

test('what was priced for a while and waits for a rate again is told again', async () => {
  const shop = openShop();
  await shop.records(payment());
  await shop.settle();
  const told = await refused(shop);
  await shop.rebuild({ currency: 'USD' });
  expect(await refused(shop)).toEqual([]);
  await shop.rebuild();
  expect(told).toHaveLength(1);
  expect(await refused(shop)).toEqual(told);
});

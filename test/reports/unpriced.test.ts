import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadRates } from '../../etl/load-rates.ts';
import { runReport } from '../../reports/query/run.ts';
import { pipeline, record } from '../etl/stages/raw.ts';
import { useScenarios } from '../etl/stages/scenarios.ts';
import { type Shop, useShops } from '../etl/stages/shop.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'unpriced-'));
const openShop = useShops();
/** They share a project, and so the warnings: each happens in a month of its own. */
const scenario = useScenarios(openShop);
let dollars: Shop;

beforeAll(async () => {
  dollars = openShop();
  const deal = { source: 'crm', created_at: '2026-03-05T10:00:00Z', amount: '100', status: 'won', currency: 'USD' };
  const payment = (id: string, amount: string, more: Record<string, unknown>) =>
    record('payment', { source: '1c', id, paid_at: '2026-03-06T10:00:00Z', amount, ...more });
  await dollars.records(
    record('deal', { id: '1', ...deal }),
    record('deal', { id: '2', ...deal, created_at: '2026-03-04T10:00:00Z', order_id: 'A-2' }),
    payment('by-id', '1000', { deal_id: '1', deal_source: 'crm' }),
    payment('by-order', '500.50', { order_id: 'A-2' }),
    payment('of-nobody', '7', { order_id: 'A-3' }),
    payment('in-dollars', '5', { currency: 'USD' }),
    record('cost', { source: 'vk', id: 'c', date: '2026-03-07', cost: '5', currency: 'EUR', vat: 'none' }),
    record('cost', { source: 'vk', id: 'long-ago', date: '2025-03-07', cost: '5', currency: 'EUR', vat: 'none' }),
    payment('long-ago', '5', { currency: 'USD', paid_at: '2025-03-06T10:00:00Z' }),
  );
  await dollars.settle();
});
afterAll(() => rmSync(dataDir, { recursive: true }));

type Asked = Pick<Shop, 'warehouse' | 'project'>;

/** Warnings of a report of a month of 31 days. */
async function warningsOf(
  language: 'en' | 'ru',
  metric = 'revenue',
  { warehouse, project }: Asked = dollars,
  month = '2026-03',
): Promise<readonly string[]> {
  const shop = { name: project, timezone: 'Europe/Moscow', currency: 'RUB', moneySource: 'payments' as const };
  const clock = { now: () => Date.parse('2026-04-01T00:00:00Z') };
  const question = { metrics: [metric], from: `${month}-01`, to: `${month}-31` };
  const answer = await runReport({ warehouse, project: shop, clock }, question, { language });
  if (!answer.ok) throw new Error(JSON.stringify(answer));
  return answer.value.meta.warnings;
}

test('a payment that a missing rate keeps from its deal is told by that reason, with currency and day', async () => {
  expect(await warningsOf('en')).toEqual([
    'payments that name no deal we know (1, 7.00 RUB) count in revenue under "No visit", and not in sales',
    'payments in a currency without a rate (1; no rate: USD 2026-03-06) are left out; load the rates: throughline import rates',
    'payments of deals without a currency rate (2, 1500.50 RUB; no rate: USD 2026-03-04, USD 2026-03-05) count in revenue under "No visit", and not in sales; load the rates: throughline import rates',
  ]);
  expect((await warningsOf('ru'))[2]).toBe(
    'платежи сделок без курса валюты (2, 1500.50 RUB; нет курса: USD 2026-03-04, USD 2026-03-05): они входят в выручку строки «No visit», но не в продажи; загрузите курсы: throughline import rates',
  );
  expect(await warningsOf('en', 'visits')).toEqual([]);
});

test('deals and costs without a rate are told where they would count', async () => {
  expect(await warningsOf('en', 'deals')).toEqual([
    'deals in a currency without a rate (2; no rate: USD 2026-03-04, USD 2026-03-05) are left out; load the rates: throughline import rates',
  ]);
  expect(await warningsOf('ru', 'ad_cost')).toEqual([
    'расходы на рекламу в валюте без курса (1; нет курса: EUR 2026-03-07) не учтены; загрузите курсы: throughline import rates',
  ]);
});

test('with the rates loaded only the payment of nobody is left to tell', async () => {
  const deps = { ...pipeline(dollars.warehouse, dataDir, {}), project: dollars.project };
  await loadRates(deps, [
    { date: '2026-03-01', currency: 'USD', rate: '90' },
    { date: '2026-03-01', currency: 'EUR', rate: '100' },
  ]);
  expect(await warningsOf('en', 'deals')).toEqual([]);
  expect(await warningsOf('en', 'ad_cost')).toEqual([]);
  expect(await warningsOf('en')).toEqual([
    'payments that name no deal we know (2, 457.00 RUB) count in revenue under "No visit", and not in sales',
  ]);
});

const paid = (day: string, more: Record<string, unknown>, fetchedAt?: string) =>
  record('payment', { source: '1c', id: 'p', paid_at: `${day}T10:00:00Z`, amount: '100', ...more }, fetchedAt);
const usd = { currency: 'USD' };
const later = '2026-06-02T00:00:00Z';

for (const [what, month, change] of [
  ['in the currency of the project', '2024-01', { currency: 'RUB' }],
  ['cancelled', '2024-03', { ...usd, cancelled: true }],
  ['gone', '2024-05', { ...usd, deleted: true }],
  ['of another period', '2024-07', { ...usd, paid_at: '2024-09-06T10:00:00Z' }],
] as const)
  scenario(`a payment that is ${what} by its newest version waits for no rate`, async (shop) => {
    const day = `${month}-06`;
    await shop.records(paid(day, usd));
    await shop.settle();
    await shop.records(paid(day, { deal_id: 'unknown', ...change }, later));
    await shop.settle();
    expect((await warningsOf('en', 'revenue', shop, month)).filter((text) => text.includes('rate'))).toEqual([]);
  });

scenario('a record that waits is told once, by the local day of its newest version', async (shop) => {
  const deal = (created_at: string, fetchedAt?: string) =>
    record('deal', { source: 'crm', id: '1', created_at, amount: '100', status: 'won', ...usd }, fetchedAt);
  await shop.records(paid('2024-08-06', usd), deal('2024-08-05T10:00:00Z'));
  await shop.settle();
  await shop.records(
    paid('2024-08-06', { ...usd, paid_at: '2024-08-07T22:00:00Z' }, later),
    deal('2024-08-08T22:00:00Z', later),
  );
  await shop.settle();
  expect(await warningsOf('en', 'revenue', shop, '2024-08')).toEqual([
    'payments in a currency without a rate (1; no rate: USD 2024-08-08) are left out; load the rates: throughline import rates',
  ]);
  expect(await warningsOf('en', 'deals', shop, '2024-08')).toEqual([
    'deals in a currency without a rate (1; no rate: USD 2024-08-09) are left out; load the rates: throughline import rates',
  ]);
});

scenario(
  'a payment whose money counts for another deal of its order does not wait for the rate of the first',
  async (shop) => {
    const deal = { created_at: '2024-10-05T10:00:00Z', order_id: 'A-1', amount: '100', status: 'won' };
    await shop.records(
      record('deal', { source: 'crm', id: '1', ...deal, ...usd }),
      record('deal', { source: 'onec', id: '9', role: 'accounting', ...deal }),
      paid('2024-10-06', { order_id: 'A-1' }),
    );
    await shop.settle();
    expect(await shop.mart('payments', 'deal_key')).toEqual([{ deal_key: 'onec:9' }]);
    expect(await warningsOf('en', 'revenue', shop, '2024-10')).toEqual([]);
  },
);

for (const [what, month, before, now] of [
  ['deal', '2024-12', { deal_id: '1', deal_source: 'crm' }, { deal_id: 'unknown', deal_source: 'crm' }],
  ['order', '2025-01', { order_id: 'A-1' }, { order_id: 'unknown' }],
] as const)
  scenario(
    `a payment that named a ${what} without a rate before, and now another, does not wait for it`,
    async (shop) => {
      const deal = { created_at: `${month}-05T10:00:00Z`, order_id: 'A-1', amount: '100', status: 'won' };
      await shop.records(record('deal', { source: 'crm', id: '1', ...deal, ...usd }), paid(`${month}-06`, before));
      await shop.settle();
      await shop.records(paid(`${month}-06`, now, later));
      await shop.settle();
      expect(await warningsOf('en', 'revenue', shop, month)).toEqual([
        'payments that name no deal we know (1, 100.00 RUB) count in revenue under "No visit", and not in sales',
      ]);
    },
  );

scenario('a cost of several days without a rate is told in each period that it reaches into', async (shop) => {
  const days = { date: '2025-04-27', to_date: '2025-05-02' };
  await shop.records(record('cost', { source: 'vk', id: 'c', ...days, cost: '5', currency: 'EUR', vat: 'none' }));
  await shop.settle();
  expect(await warningsOf('en', 'ad_cost', shop, '2025-05')).toEqual([
    'ad costs in a currency without a rate (1; no rate: EUR 2025-04-27) are left out; load the rates: throughline import rates',
  ]);
});

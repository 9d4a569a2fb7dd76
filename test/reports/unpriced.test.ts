import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadRates } from '../../etl/load-rates.ts';
import { type PipelineDeps, runStages } from '../../etl/pipeline.ts';
import { runReport } from '../../reports/query/run.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { type Loose, loadRecords, pipeline, record } from '../etl/stages/raw.ts';
import { type Shop, useShops } from '../etl/stages/shop.ts';
import { testWarehouse } from '../support/clickhouse.ts';

const project = 'dollars';
const dataDir = mkdtempSync(join(tmpdir(), 'unpriced-'));
let warehouse: Warehouse;
let deps: PipelineDeps;
const openShop = useShops();

beforeAll(async () => {
  warehouse = await testWarehouse();
  deps = { ...pipeline(warehouse, dataDir, {}), project };
  const deal = { source: 'crm', created_at: '2026-03-05T10:00:00Z', amount: '100', status: 'won', currency: 'USD' };
  const payment = (id: string, amount: string, more: Record<string, unknown>) =>
    record('payment', { source: '1c', id, paid_at: '2026-03-06T10:00:00Z', amount, ...more });
  await loadRecords(
    warehouse,
    [
      record('deal', { id: '1', ...deal }),
      record('deal', { id: '2', ...deal, created_at: '2026-03-04T10:00:00Z', order_id: 'A-2' }),
      payment('by-id', '1000', { deal_id: '1', deal_source: 'crm' }),
      payment('by-order', '500.50', { order_id: 'A-2' }),
      payment('of-nobody', '7', { order_id: 'A-3' }),
      payment('in-dollars', '5', { currency: 'USD' }),
      record('cost', { source: 'vk', id: 'c', date: '2026-03-07', cost: '5', currency: 'EUR', vat: 'none' }),
      record('cost', { source: 'vk', id: 'long-ago', date: '2025-03-07', cost: '5', currency: 'EUR', vat: 'none' }),
      payment('long-ago', '5', { currency: 'USD', paid_at: '2025-03-06T10:00:00Z' }),
    ],
    project,
  );
  await runStages(deps, 'arrival');
});
afterAll(() => rmSync(dataDir, { recursive: true }));

type Asked = Pick<Shop, 'warehouse' | 'project'>;

async function warningsOf(
  language: 'en' | 'ru',
  metric = 'revenue',
  of: Asked = { warehouse, project },
): Promise<readonly string[]> {
  const shop = { name: of.project, timezone: 'Europe/Moscow', currency: 'RUB', moneySource: 'payments' as const };
  const clock = { now: () => Date.parse('2026-04-01T00:00:00Z') };
  const question = { metrics: [metric], from: '2026-03-01', to: '2026-03-31' };
  const answer = await runReport({ warehouse: of.warehouse, project: shop, clock }, question, { language });
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

async function settled(...loads: readonly (readonly Loose[])[]): Promise<Shop> {
  const shop = openShop();
  for (const records of loads) {
    await shop.records(...records);
    await shop.settle();
  }
  return shop;
}

const paid = (more: Record<string, unknown>, fetchedAt?: string) =>
  record('payment', { source: '1c', id: 'p', paid_at: '2026-03-06T10:00:00Z', amount: '100', ...more }, fetchedAt);
const usd = { currency: 'USD' };
const later = '2026-06-02T00:00:00Z';

test.each([
  ['in the currency of the project', { currency: 'RUB' }],
  ['cancelled', { ...usd, cancelled: true }],
  ['gone', { ...usd, deleted: true }],
  ['of another period', { ...usd, paid_at: '2026-05-06T10:00:00Z' }],
])('a payment that is %s by its newest version waits for no rate', async (_what, change) => {
  const shop = await settled([paid(usd)], [paid({ deal_id: 'unknown', ...change }, later)]);
  expect((await warningsOf('en', 'revenue', shop)).filter((text) => text.includes('rate'))).toEqual([]);
});

test('a record that waits is told once, by the local day of its newest version', async () => {
  const deal = (created_at: string, fetchedAt?: string) =>
    record('deal', { source: 'crm', id: '1', created_at, amount: '100', status: 'won', ...usd }, fetchedAt);
  const shop = await settled(
    [paid(usd), deal('2026-03-05T10:00:00Z')],
    [paid({ ...usd, paid_at: '2026-03-07T22:00:00Z' }, later), deal('2026-03-08T22:00:00Z', later)],
  );
  expect(await warningsOf('en', 'revenue', shop)).toEqual([
    'payments in a currency without a rate (1; no rate: USD 2026-03-08) are left out; load the rates: throughline import rates',
  ]);
  expect(await warningsOf('en', 'deals', shop)).toEqual([
    'deals in a currency without a rate (1; no rate: USD 2026-03-09) are left out; load the rates: throughline import rates',
  ]);
});

test('a payment whose money counts for another deal of its order does not wait for the rate of the first', async () => {
  const deal = { created_at: '2026-03-05T10:00:00Z', order_id: 'A-1', amount: '100', status: 'won' };
  const shop = await settled([
    record('deal', { source: 'crm', id: '1', ...deal, ...usd }),
    record('deal', { source: 'onec', id: '9', role: 'accounting', ...deal }),
    paid({ order_id: 'A-1' }),
  ]);
  expect(await shop.mart('payments', 'deal_key')).toEqual([{ deal_key: 'onec:9' }]);
  expect(await warningsOf('en', 'revenue', shop)).toEqual([]);
});

test.each([
  ['deal', { deal_id: '1', deal_source: 'crm' }, { deal_id: 'unknown', deal_source: 'crm' }],
  ['order', { order_id: 'A-1' }, { order_id: 'unknown' }],
])(
  'a payment that named a %s without a rate before, and now another, does not wait for it',
  async (_what, before, now) => {
    const deal = { created_at: '2026-03-05T10:00:00Z', order_id: 'A-1', amount: '100', status: 'won' };
    const shop = await settled(
      [record('deal', { source: 'crm', id: '1', ...deal, ...usd }), paid(before)],
      [paid(now, later)],
    );
    expect(await warningsOf('en', 'revenue', shop)).toEqual([
      'payments that name no deal we know (1, 100.00 RUB) count in revenue under "No visit", and not in sales',
    ]);
  },
);

test('a cost of several days without a rate is told in each period that it reaches into', async () => {
  const days = { date: '2026-02-27', to_date: '2026-03-02' };
  const shop = await settled([
    record('cost', { source: 'vk', id: 'c', ...days, cost: '5', currency: 'EUR', vat: 'none' }),
  ]);
  expect(await warningsOf('en', 'ad_cost', shop)).toEqual([
    'ad costs in a currency without a rate (1; no rate: EUR 2026-02-27) are left out; load the rates: throughline import rates',
  ]);
});

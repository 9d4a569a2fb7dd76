import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadRates } from '../../etl/load-rates.ts';
import { type PipelineDeps, runStages } from '../../etl/pipeline.ts';
import { runReport } from '../../reports/query/run.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { loadRecords, pipeline, record } from '../etl/stages/raw.ts';
import { testWarehouse } from '../support/clickhouse.ts';

const project = 'dollars';
const dataDir = mkdtempSync(join(tmpdir(), 'unpriced-'));
let warehouse: Warehouse;
let deps: PipelineDeps;

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

async function warningsOf(language: 'en' | 'ru', metric = 'revenue'): Promise<readonly string[]> {
  const shop = { name: project, timezone: 'Europe/Moscow', currency: 'RUB', moneySource: 'payments' as const };
  const clock = { now: () => Date.parse('2026-04-01T00:00:00Z') };
  const question = { metrics: [metric], from: '2026-03-01', to: '2026-03-31' };
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
  await loadRates(deps, 'Europe/Moscow', [
    { date: '2026-03-01', currency: 'USD', rate: '90' },
    { date: '2026-03-01', currency: 'EUR', rate: '100' },
  ]);
  expect(await warningsOf('en', 'deals')).toEqual([]);
  expect(await warningsOf('en', 'ad_cost')).toEqual([]);
  expect(await warningsOf('en')).toEqual([
    'payments that name no deal we know (2, 457.00 RUB) count in revenue under "No visit", and not in sales',
  ]);
});

import { expect, test } from 'vitest';
import { runReport } from '../../reports/query/run.ts';
import { record } from '../etl/stages/raw.ts';
import { useShops } from '../etl/stages/shop.ts';

const openShop = useShops();
const clock = { now: () => Date.parse('2026-06-10T00:00:00Z') };

test('the value of a client counts the newest version of each payment and deal alone', async () => {
  const shop = openShop();
  const deal = (cogs: string, version?: string) =>
    record(
      'deal',
      { source: 'crm', id: '1', created_at: '2026-03-01T10:00:00Z', amount: '100', status: 'won', cogs },
      version,
    );
  const payment = (amount: string, version?: string) => {
    const ofDeal = { deal_id: '1', deal_source: 'crm' };
    return record('payment', { source: '1c', id: 'p', ...ofDeal, paid_at: '2026-03-02T10:00:00Z', amount }, version);
  };
  await shop.records(deal('10'), payment('100'));
  await shop.settle();
  await shop.records(payment('70', '2026-06-02T00:00:00Z'));
  await shop.settle();
  await shop.records(deal('20', '2026-06-03T00:00:00Z'));
  await shop.settle();
  const project = { name: shop.project, timezone: 'Europe/Moscow', currency: 'RUB', moneySource: 'payments' as const };
  const question = { metrics: ['ltv_revenue', 'ltv'], from: '2026-03-01', to: '2026-03-31', horizon_days: 30 };
  const answer = await runReport({ warehouse: shop.warehouse, project, clock }, question);
  expect(answer).toMatchObject({ ok: true, value: { totals: { ltv_revenue: 70, ltv: 50 } } });
});

import { beforeAll, describe, expect, it } from 'vitest';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { testWarehouse } from '../support/clickhouse.ts';
import { ask, insertMarts, sale, utc } from './marts.ts';

describe('a report over one small shop', () => {
  let warehouse: Warehouse;

  beforeAll(async () => {
    warehouse = await testWarehouse();
    const ad = sale('crm:ad', { at: '2026-01-10T12:00:00Z', amount: '1000.00' });
    await insertMarts(warehouse, {
      visits: [
        {
          started_at: utc('2026-01-09T10:00:00Z'),
          channel: 'Paid Search',
          platform: 'yandex-direct',
          campaign: 'x',
          campaign_id: '7',
          device: 'mobile',
        },
        { started_at: utc('2026-01-09T11:00:00Z'), channel: 'Direct', device: 'desktop' },
      ],
      costs: [
        {
          date: '2026-01-09',
          channel: 'Paid Search',
          platform: 'yandex-direct',
          campaign_id: '7',
          cost_gross_base: '250.00',
          clicks: '5',
          impressions: '100',
        },
      ],
      leads: [{ created_at: utc('2026-01-10T12:00:00Z'), path_id: 'deal:crm:ad', deal_key: 'crm:ad' }],
      deals: [ad.deal],
      payments: [ad.payment],
      deal_touches: [
        {
          path_id: 'deal:crm:ad',
          touched_at: utc('2026-01-09T10:00:00Z'),
          conversion_at: utc('2026-01-10T12:00:00Z'),
          channel: 'Paid Search',
          platform: 'yandex-direct',
          campaign: 'x',
          campaign_id: '7',
        },
      ],
      campaigns: [{ platform: 'yandex-direct', campaign_id: '7', campaign: 'Зима' }],
    });
  });

  it('puts visits, cost, leads and revenue of a channel side by side', async () => {
    const report = await ask(warehouse, {
      metrics: [
        'visits',
        'visitors',
        'leads',
        'ad_cost',
        'revenue',
        'roi',
        'purchase_frequency',
        'repeat_rate',
        'ltv',
        'sales_cycle_days',
      ],
      dimensions: ['channel', 'campaign'],
    });
    expect(report.rows[1]).toMatchObject({
      channel: 'Paid Search',
      campaign: 'Зима',
      ad_cost: 250,
      revenue: 1000,
      roi: 3,
    });
  });
});

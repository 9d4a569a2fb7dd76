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
      anonymous_hits: [
        { happened_at: utc('2026-01-09T10:00:00Z'), channel: 'Paid Search', source: 'yandex' },
        { happened_at: utc('2026-01-09T20:59:59Z'), channel: 'Paid Search', source: 'yandex', site: 'second' },
        // The next day in Moscow.
        { happened_at: utc('2026-01-09T21:00:00Z') },
        { happened_at: utc('2026-01-09T10:00:00Z'), type: 'form_submit' },
        { happened_at: utc('2026-01-09T10:00:00Z'), is_bot: true },
        { happened_at: utc('2026-02-09T10:00:00Z') },
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

  it('counts the pages that people saw who refused by day, site and channel, and says that they are in no visit', async () => {
    const metrics = ['visits', 'anonymous_pageviews'];
    const byChannel = await ask(warehouse, { metrics, dimensions: ['channel', 'source'] });
    expect(byChannel.totals).toEqual({ visits: 2, anonymous_pageviews: 3 });
    expect(byChannel.rows).toContainEqual({
      channel: 'Paid Search',
      source: 'yandex',
      visits: 0,
      anonymous_pageviews: 2,
    });
    expect(byChannel.rows).toContainEqual({ channel: null, source: null, visits: 0, anonymous_pageviews: 1 });
    expect(byChannel.meta.warnings).toContainEqual(expect.stringMatching(/people who refused \(3 in the period\)/));
    const bySite = await ask(warehouse, { metrics: ['anonymous_pageviews'], dimensions: ['site'], granularity: 'day' });
    expect(bySite.rows.filter((row) => row.anonymous_pageviews !== 0)).toEqual([
      { date: '2026-01-09', site: 'demo', anonymous_pageviews: 1 },
      { date: '2026-01-09', site: 'second', anonymous_pageviews: 1 },
      { date: '2026-01-10', site: 'demo', anonymous_pageviews: 1 },
    ]);
    expect(bySite.meta.warnings).toEqual([]);
    const all = await ask(warehouse, { metrics: ['anonymous_pageviews'], include_bots: true });
    expect(all.totals).toEqual({ anonymous_pageviews: 4 });
    const ofAd = await ask(warehouse, {
      metrics: ['anonymous_pageviews'],
      filters: [{ field: 'site', op: 'eq', value: 'second' }],
    });
    expect(ofAd.totals).toEqual({ anonymous_pageviews: 1 });
  });
});

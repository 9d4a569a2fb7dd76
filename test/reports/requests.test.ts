import { beforeAll, describe, expect, it } from 'vitest';
import { attributionModels } from '../../domain/attribution/index.ts';
import { dimensions } from '../../reports/registry/dimensions.ts';
import { metrics } from '../../reports/registry/metrics.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { testWarehouse } from '../support/clickhouse.ts';
import { ask, insertMarts, refusal, sale, utc } from './marts.ts';

let warehouse: Warehouse;

const at = '2026-01-10T12:00:00Z';
const manyOr = (count: number, op: string) => ({
  or: Array.from({ length: count }, (_, index) => ({ field: 'channel', op, value: `x${index}` })),
});
const hostile = 'x\' OR 1=1 -- \\ " ` {p1:String}';

beforeAll(async () => {
  warehouse = await testWarehouse();
  const { deal, payment } = sale('crm:1', { at, amount: '1000.00' });
  const marks = {
    channel: 'Paid Search',
    platform: 'yandex-direct',
    source: 'yandex',
    medium: 'cpc',
    campaign: hostile,
    campaign_id: '7',
  };
  await insertMarts(warehouse, {
    visits: [
      { started_at: utc(at), device: 'mobile', ...marks },
      { started_at: utc('2026-01-12T03:00:00Z'), device: 'desktop', channel: 'Direct' },
      {
        started_at: utc('2026-01-12T03:00:00Z'),
        device: 'desktop',
        channel: 'Direct',
        is_bot: true,
        visitor_id: '00000000-0000-4000-8000-000000000009',
      },
    ],
    costs: [
      {
        date: '2026-01-09',
        clicks: '4',
        impressions: '100',
        cost_gross_base: '250.00',
        cost_net_base: '200.00',
        ...marks,
      },
    ],
    leads: [{ created_at: utc(at), path_id: 'deal:crm:1', deal_key: 'crm:1', form_id: 'callback' }],
    deals: [{ ...deal, manager: 'Olga', cogs: '400.00', fields: { [hostile]: 'value', city: 'Kazan' } }],
    payments: [{ ...payment, payment_method: 'card' }],
    deal_touches: [
      {
        path_id: 'deal:crm:1',
        touched_at: utc('2026-01-09T10:00:00Z'),
        conversion_at: utc(at),
        device: 'mobile',
        ...marks,
      },
    ],
  });
});

const additive = metrics.filter((metric) => metric.kind === 'sum').map((metric) => metric.name);
const all = metrics.map((metric) => metric.name);

describe('every metric', () => {
  it.each([...dimensions.map(({ name }) => name), 'deal_field:city'])(
    'adds up over %s to its total',
    async (dimension) => {
      const report = await ask(warehouse, { metrics: all, dimensions: [dimension] });
      for (const metric of additive) {
        const sum = report.rows.reduce((total, row) => total + Number(row[metric] ?? 0), 0);
        expect({ metric, sum }).toEqual({ metric, sum: report.totals[metric] });
      }
    },
  );

  it.each(attributionModels.map(({ name }) => name))('can be had by %s on every date basis', async (model) => {
    for (const date_basis of ['touch', 'lead', 'deal', 'payment']) {
      const report = await ask(warehouse, {
        metrics: all,
        dimensions: ['channel'],
        date_basis,
        attribution: { model },
      });
      expect(report.totals).toMatchObject({
        visits: 2,
        leads: 1,
        deals: 1,
        sales: 1,
        ad_cost: 250,
        revenue: 1000,
        gross_profit: 600,
        roi: 1.4,
      });
    }
  });

  it.each(['day', 'week', 'month', 'quarter', 'year'])('can be had by %s', async (granularity) => {
    const report = await ask(warehouse, { metrics: ['visits', 'revenue'], granularity });
    expect(report.rows.reduce((sum, row) => sum + Number(row.revenue), 0)).toBe(1000);
  });
});

describe('a report', () => {
  it('leaves a metric empty where its fact has no such dimension, and says so', async () => {
    const report = await ask(warehouse, {
      metrics: ['visits', 'ad_cost', 'roi'],
      dimensions: ['device'],
      sort: [{ field: 'device' }],
    });
    expect(report.rows).toEqual([
      { device: 'desktop', visits: 1, ad_cost: null, roi: null },
      { device: 'mobile', visits: 1, ad_cost: null, roi: null },
      { device: null, visits: 0, ad_cost: 250, roi: -1 },
    ]);
    expect(report.totals).toEqual({ visits: 2, ad_cost: 250, roi: 1.4 });
    expect(report.meta.warnings).toContainEqual(expect.stringContaining('ad costs have no device'));
  });

  it('does not know the costs behind a filter that costs cannot answer', async () => {
    const filters = [{ field: 'device', op: 'eq', value: 'mobile' }];
    const report = await ask(warehouse, { metrics: ['visits', 'ad_cost', 'revenue', 'roi'], filters });
    expect(report.totals).toEqual({ visits: 1, ad_cost: null, revenue: 1000, roi: null });
    expect(report.meta.warnings).toContainEqual(
      expect.stringContaining('ad costs do not have what the filters ask for'),
    );
  });

  it('fills empty weeks with zeros, weeks beginning on Monday', async () => {
    const report = await ask(warehouse, { metrics: ['visits', 'cpc'], granularity: 'week' });
    expect(report.columns[0]).toEqual({ name: 'date', kind: 'date', type: 'date' });
    expect(report.rows.map((row) => [row.date, row.visits, row.cpc])).toEqual([
      ['2025-12-29', 0, null],
      ['2026-01-05', 1, 62.5],
      ['2026-01-12', 1, null],
      ['2026-01-19', 0, null],
      ['2026-01-26', 0, null],
    ]);
  });

  it('counts robots only when asked to', async () => {
    expect((await ask(warehouse, { metrics: ['visits', 'visitors'], include_bots: true })).totals).toEqual({
      visits: 3,
      visitors: 2,
    });
  });

  it('shows costs without VAT when only costs are asked for', async () => {
    expect((await ask(warehouse, { metrics: ['ad_cost', 'cpc'], vat: 'net' })).totals).toEqual({
      ad_cost: 200,
      cpc: 50,
    });
  });

  it('gives weekday and hour as numbers in its time zone', async () => {
    const report = await ask(warehouse, {
      metrics: ['visits'],
      dimensions: ['weekday', 'hour'],
      sort: [{ field: 'weekday' }],
    });
    expect(report.rows).toEqual([
      { weekday: 1, hour: 6, visits: 1 },
      { weekday: 6, hour: 15, visits: 1 },
    ]);
  });

  it('pages through its rows without losing or repeating one', async () => {
    const request = { metrics: ['visits'], granularity: 'day', limit: 10, sort: [{ field: 'visits', desc: true }] };
    const dates: unknown[] = [];
    let cursor: string | null = null;
    do {
      const page = await ask(warehouse, { ...request, cursor });
      dates.push(...page.rows.map((row) => row.date));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(dates).toHaveLength(31);
    expect(new Set(dates).size).toBe(31);
  });

  it('keeps its totals when a filter on a metric or a limit hides rows', async () => {
    const filters = [{ field: 'revenue', op: 'gt', value: 0 }];
    const report = await ask(warehouse, { metrics: ['visits'], dimensions: ['channel'], filters });
    expect(report.rows).toEqual([{ channel: 'Paid Search', visits: 1 }]);
    expect(report.totals).toEqual({ visits: 2 });
  });

  it('spells out every default', async () => {
    expect((await ask(warehouse, { metrics: ['visits'] })).query).toEqual({
      metrics: ['visits'],
      dimensions: [],
      from: '2026-01-01',
      to: '2026-01-31',
      timezone: 'Europe/Moscow',
      granularity: null,
      date_basis: 'deal',
      attribution: { model: 'last_non_direct', window_days: 90 },
      filters: [],
      sort: [{ field: 'visits', desc: true }],
      limit: 1000,
      cursor: null,
      currency: 'RUB',
      vat: 'gross',
      include_bots: false,
      horizon_days: 90,
    });
  });

  it('tells up to when each source was read and which failed', async () => {
    const times = { started_at: utc(at), updated_at: utc(at) };
    await warehouse.insertRows('cursors', [
      {
        project: 'shop',
        source: 'b24',
        stream: 'deals',
        position: '{}',
        data_as_of: utc('2026-01-20T10:00:00Z'),
        updated_at: utc(at),
      },
      {
        project: 'shop',
        source: 'b24',
        stream: 'leads',
        position: '{}',
        data_as_of: utc('2026-01-20T09:00:00Z'),
        updated_at: utc(at),
      },
    ]);
    await warehouse.insertRows('etl_runs', [
      { run_no: '1', project: 'shop', kind: 'pull', source: 'b24', outcome: 'ok', ...times },
      {
        run_no: '2',
        project: 'shop',
        kind: 'pull',
        source: 'direct',
        outcome: 'failed',
        reason: 'auth',
        detail: 'the token has ended',
        ...times,
      },
    ]);
    const { meta } = await ask(warehouse, { metrics: ['visits'] });
    expect(meta.data_as_of).toEqual({ b24: '2026-01-20T09:00:00.000Z' });
    expect(meta.warnings).toEqual([
      expect.stringContaining('the last run of direct failed (auth: the token has ended)'),
    ]);
  });
});

describe('filters', () => {
  const visits = async (...filters: object[]) => (await ask(warehouse, { metrics: ['visits'], filters })).totals.visits;

  it.each([
    [{ field: 'device', op: 'eq', value: 'mobile' }, 1],
    [{ field: 'device', op: 'ne', value: 'mobile' }, 1],
    [{ field: 'device', op: 'in', value: ['mobile', 'desktop'] }, 2],
    [{ field: 'device', op: 'not_in', value: ['mobile', 'desktop'] }, 0],
    [{ field: 'channel', op: 'contains', value: 'SEARCH' }, 1],
    [{ field: 'channel', op: 'starts_with', value: 'paid' }, 1],
    [{ field: 'channel', op: 'matches', value: '^D.*t$' }, 1],
    [{ field: 'campaign_id', op: 'is_null' }, 1],
    [{ field: 'campaign_id', op: 'is_null', value: false }, 1],
    [{ field: 'campaign_id', op: 'ne', value: 7 }, 1],
    [{ field: 'hour', op: 'gte', value: 10 }, 1],
    [{ field: 'hour', op: 'lt', value: 10 }, 1],
    [{ field: 'campaign', op: 'eq', value: hostile }, 1],
    [
      {
        or: [
          { field: 'device', op: 'eq', value: 'mobile' },
          { and: [{ field: 'channel', op: 'eq', value: 'Direct' }] },
        ],
      },
      2,
    ],
  ])('%j lets %i visits through', async (filter, expected) => {
    expect(await visits(filter)).toBe(expected);
  });

  it('hold together when there are several', async () => {
    expect(
      await visits({ field: 'device', op: 'eq', value: 'mobile' }, { field: 'channel', op: 'eq', value: 'Direct' }),
    ).toBe(0);
  });
});

describe('hostile input', () => {
  it('in the name of a deal field is only a name', async () => {
    const report = await ask(warehouse, { metrics: ['deals'], dimensions: [`deal_field:${hostile}`] });
    expect(report.rows).toEqual([{ [`deal_field:${hostile}`]: 'value', deals: 1 }]);
  });

  it.each([
    { field: 'campaign', op: 'eq', value: "' OR 1=1 --" },
    { field: 'campaign', op: 'contains', value: "\\' OR ''='" },
    { field: 'channel', op: 'in', value: ["x'] OR has(['Direct", "\\'] --"] },
    { field: 'deal_field:a] OR 1 --', op: 'eq', value: "\\'" },
  ])('as the value of a filter matches nothing: %j', async (filter) => {
    expect((await ask(warehouse, { metrics: ['deals'], filters: [filter] })).totals).toEqual({ deals: 0 });
  });

  it.each([
    [{ dimensions: ['channel) --'] }, 'dimensions.0: '],
    [{ dimensions: ['deal_field:'] }, 'dimensions.0: '],
    [{ dimensions: ['__proto__'] }, 'dimensions.0: '],
    [{ metrics: ['constructor'] }, 'metrics.0: '],
    [{ metrics: ['buyers'] }, 'metrics.0: '],
    [{ timezone: "UTC') --" }, 'timezone: '],
    [{ timezone: '+03:00' }, 'timezone: '],
    [{ granularity: 'day; DROP TABLE visits' }, 'granularity: expected one of day'],
    [{ date_basis: 'deal OR 1' }, 'date_basis: expected one of touch'],
    [{ attribution: { model: 'markov' } }, 'attribution.model: expected one of last_non_direct'],
  ])('is refused by its path: %j', async (request, message) => {
    expect(await refusal(warehouse, { metrics: ['visits'], ...request })).toEqual([expect.stringContaining(message)]);
  });
});

describe('a refusal names the path and the cure', () => {
  it.each([
    [{ metrics: [] }, 'metrics: name at least one metric'],
    [{ metrics: ['visits', 'visits'] }, 'metrics: name every metric once'],
    [{ from: '2026-02-30' }, 'from: expected a date'],
    [{ from: '2026-03-01' }, 'from: must not be after "to"'],
    [{ from: '2015-01-01' }, 'to: a report covers at most 10 years'],
    [{ limit: 100_001 }, 'limit: expected a whole number from 1 to 100000'],
    [{ horizon_days: 0 }, 'horizon_days: expected whole days from 1 to 3650'],
    [{ attribution: { window_days: 366 } }, 'attribution.window_days: expected whole days from 0 to 365'],
    [{ currency: 'USD' }, 'currency: reports of this project are in RUB'],
    [{ metrics: ['revenue'], vat: 'net' }, 'vat: the VAT inside payments and deals is not known'],
    [{ compare: 'previous_period' }, 'compare: unknown "compare"; known here: metrics, dimensions'],
    [{ attribution: { window: 1 } }, 'attribution.window: unknown "window"; known here: model, window_days'],
    [{ sort: [{ field: 'channel' }] }, 'sort.0.field: expected a metric'],
    [{ cursor: 'nonsense' }, 'cursor: belongs to another report'],
    [{ filters: [{ field: 'nothing', op: 'eq', value: 1 }] }, 'filters.0.field: is not a dimension'],
    [{ filters: [{ field: 'channel', op: 'like', value: 'x' }] }, 'filters.0.op: expected one of eq'],
    [{ filters: [{ field: 'channel', op: 'in', value: 'x' }] }, 'filters.0.value: expected a list'],
    [{ filters: [{ field: 'channel', op: 'eq', value: '' }] }, 'filters.0.value: expected a value; use is_null'],
    [
      { filters: [{ field: 'visits', op: 'contains', value: 'x' }] },
      'filters.0.op: a metric cannot be compared by contains',
    ],
    [{ filters: [{ field: 'channel', op: 'matches', value: '(' }] }, 'filters.0.value: is not a regular expression'],
    [
      { filters: [{ field: 'channel', op: 'in', value: Array.from({ length: 1000 }, () => 'x'.repeat(100)) }] },
      'filters.0.value: the values are too long together',
    ],
    [{ filters: [manyOr(21, 'matches')] }, 'filters.0.or.20.value: a report takes at most 20 patterns'],
    [{ filters: [manyOr(301, 'eq')] }, 'filters.0.or: expected {"or": [conditions]} with 1 to 300 conditions'],
    [{ filters: [manyOr(200, 'eq'), manyOr(101, 'eq')] }, 'filters: at most 300 conditions in all'],
    [
      { filters: [{ or: [{ field: 'channel', op: 'eq', value: 'x' }, { or: [{ field: 'channel', op: 'eq' }] }] }] },
      'filters.0.or.1.or.0.value: ',
    ],
    [
      {
        filters: [
          {
            or: [
              { field: 'channel', op: 'eq', value: 'x' },
              { field: 'visits', op: 'gt', value: 1 },
            ],
          },
        ],
      },
      'filters.0.or: one "or" cannot mix',
    ],
  ])('%j', async (request, message) => {
    expect(await refusal(warehouse, { metrics: ['visits'], ...request })).toEqual([expect.stringContaining(message)]);
  });
});

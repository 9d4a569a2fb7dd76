import { describe, expect, it } from 'vitest';
import { type LedgerQuestion, ledgerOf } from '../../simulator/ledger.ts';
import { moscowInstant } from '../../simulator/moscow.ts';
import type { Model } from '../../simulator/truth/credit.ts';
import type { MetricName } from '../../simulator/truth/metrics.ts';
import { netOf } from '../../simulator/truth/vat.ts';
import { cost, deal, payment, request, sources, stateOf, visit } from './hand-made-world.ts';

// Anna: VK on 1 January, a mailing on the 8th, Google on the 15th, then directly; buys for 1000.01, gets 100.00 back.
// Boris: comes directly, asks by a form, has not paid. Vera: by phone, without a visit, pays 500.00.
// Gleb: a mailing, then an advertisement in Direct; buys for 300.05 and returns it all.
const books = {
  visits: [
    visit('a1', 'anna', sources.vk, '2026-01-01', '12:00'),
    visit('a2', 'anna', sources.mail, '2026-01-08', '12:00'),
    visit('a3', 'anna', sources.google, '2026-01-15', '12:00'),
    visit('a4', 'anna', sources.direct, '2026-01-15', '18:00'),
    visit('b1', 'boris', sources.direct, '2026-01-10', '10:00'),
    visit('g1', 'gleb', sources.mail, '2026-01-05', '10:00'),
    visit('g2', 'gleb', sources.kettles, '2026-01-06', '10:00'),
  ],
  requests: [
    request('ra', 'anna', '2026-01-15', '18:05'),
    request('rb', 'boris', '2026-01-10', '10:04', 'request'),
    request('rg', 'gleb', '2026-01-06', '10:10'),
  ],
  deals: [
    deal({
      id: '1',
      personId: 'anna',
      date: '2026-01-15',
      time: '18:06',
      amount: 100_001n,
      group: 'won',
      requestId: 'ra',
      cogs: 60_000n,
      delivery: 3_900n,
    }),
    deal({
      id: '2',
      personId: 'boris',
      date: '2026-01-10',
      time: '10:05',
      amount: 70_000n,
      group: 'open',
      requestId: 'rb',
    }),
    deal({ id: '3', personId: 'vera', date: '2026-01-12', time: '09:00', amount: 50_000n, group: 'won' }),
    deal({
      id: '4',
      personId: 'gleb',
      date: '2026-01-06',
      time: '10:11',
      amount: 30_005n,
      group: 'lost',
      requestId: 'rg',
      cogs: 20_000n,
    }),
  ],
  payments: [
    payment('p1', '1', '2026-01-16', 100_001n),
    payment('p2', '1', '2026-01-20', -10_000n),
    payment('p3', '3', '2026-01-12', 50_000n),
    payment('p4', '4', '2026-01-07', 30_005n),
    payment('p5', '4', '2026-01-09', -30_005n),
  ],
  costs: [
    cost('c1', sources.kettles, '2026-01-06', 12_200n),
    cost('c2', sources.mail, '2025-12-31', 10_000n, { vat: 'excluded' }),
    cost('c3', sources.mail, '2026-01-01', 10_000n, { vat: 'excluded', kind: 'fee' }),
    cost('c4', sources.vk, '2026-01-01', 10_000n, { toDate: '2026-01-03' }),
    cost('c5', sources.vk, '2026-01-02', 99_999n, { kind: 'other', vat: 'none' }),
  ],
};
const ledger = ledgerOf(stateOf(books), moscowInstant('2026-02-01'));
const january = { from: '2026-01-01', to: '2026-01-31' } as const;

function byChannel(metric: MetricName, more: Partial<LedgerQuestion> = {}): Record<string, unknown> {
  const { rows } = ledger.report({ metrics: [metric], dimensions: ['channel'], ...january, ...more });
  return Object.fromEntries(rows.map((row) => [row.channel, row[metric]]));
}

describe('money by the models, on paper', () => {
  // Without Gleb, whose refund cancels his payment touch by touch, and with Vera's 500.00 beside.
  it.each<[Model, Record<string, number>]>([
    ['last_non_direct', { 'Organic Search': 900.01, 'No visit': 500 }],
    ['last', { Direct: 900.01, 'No visit': 500 }],
    ['first', { 'Paid Social': 900.01, 'No visit': 500 }],
    // 333.33 + 333.33 + 333.35, minus 33.33 + 33.33 + 33.34
    ['linear', { 'Paid Social': 300, Email: 300, 'Organic Search': 300.01, 'No visit': 500 }],
    // shares 2 : 1 : 2 — 400.00 + 200.00 + 400.01, minus 40.00 + 20.00 + 40.00
    ['position', { 'Paid Social': 360, Email: 180, 'Organic Search': 360.01, 'No visit': 500 }],
    // shares 1/4 : 1/2 : 1 — 142.85 + 285.71 + 571.45, minus 14.28 + 28.57 + 57.15
    ['time_decay', { 'Paid Social': 128.57, Email: 257.14, 'Organic Search': 514.3, 'No visit': 500 }],
  ])('%s', (model, expected) => {
    expect(byChannel('revenue', { attribution: { model }, date_basis: 'payment' })).toEqual(expected);
  });

  it('a full refund cancels a split payment exactly: 150.02 and 150.03 both ways', () => {
    const question = { attribution: { model: 'position' }, from: '2026-01-05', to: '2026-01-06' } as const;
    expect(byChannel('paid', question)).toEqual({ Email: 150.02, 'Paid Search': 150.03 });
    expect(byChannel('refunded', question)).toEqual({ Email: 150.02, 'Paid Search': 150.03 });
    expect(byChannel('revenue', question)).toEqual({});
  });

  it('a window of 7 days takes the mailing of seven days before and leaves VK out', () => {
    const attribution = { model: 'linear', window_days: 7 } as const;
    expect(byChannel('revenue', { attribution, date_basis: 'deal' })).toEqual({
      // 500.00 + 500.01, minus 50.00 + 50.00
      Email: 450,
      'Organic Search': 450.01,
      'No visit': 500,
    });
  });
});

describe('dates by the bases, on paper', () => {
  const days = (date_basis: LedgerQuestion['date_basis']): string[] => {
    const question = { metrics: ['revenue'], dimensions: ['channel'], granularity: 'day', ...january } as const;
    const { rows } = ledger.report({ ...question, ...(date_basis ? { date_basis } : {}) });
    return rows.map((row) => `${row.date} ${row.channel} ${row.revenue}`).sort();
  };

  it('touch: money stands on the day of the touch, without a visit on that of the request', () => {
    expect(days('touch')).toEqual(['2026-01-12 No visit 500', '2026-01-15 Organic Search 900.01']);
  });

  it('payment: each movement stands on its own day', () => {
    expect(days('payment')).toEqual([
      '2026-01-07 Paid Search 300.05',
      '2026-01-09 Paid Search -300.05',
      '2026-01-12 No visit 500',
      '2026-01-16 Organic Search 1000.01',
      '2026-01-20 Organic Search -100',
    ]);
  });

  it('payment: a deal without money is in no period', () => {
    expect(byChannel('deals', { date_basis: 'payment' })).toEqual({
      'Organic Search': 1,
      'Paid Search': 1,
      'No visit': 1,
    });
    expect(byChannel('deals', { date_basis: 'deal' })).toEqual({
      'Organic Search': 1,
      'Paid Search': 1,
      'No visit': 1,
      Direct: 1,
    });
  });
});

describe('other metrics, on paper', () => {
  const value = (metric: MetricName, more: Partial<LedgerQuestion> = {}) =>
    ledger.report({ metrics: [metric], ...january, ...more }).totals[metric];

  it('counts', () => {
    expect(value('visits')).toBe(7);
    expect(value('visitors')).toBe(3);
    expect(value('leads')).toBe(4);
    expect(value('deals')).toBe(4);
    expect(value('sales')).toBe(2);
    expect(value('new_clients')).toBe(2);
    expect(value('deal_amount')).toBe(1500.01);
  });

  it('spend with the VAT of its day, ranges by day, and no cost of another kind', () => {
    expect(ledger.report({ metrics: ['ad_cost'], from: '2025-12-31', to: '2025-12-31' }).totals.ad_cost).toBe(120);
    expect(ledger.report({ metrics: ['ad_cost'], from: '2026-01-01', to: '2026-01-01' }).totals.ad_cost).toBe(155.34);
    expect(ledger.report({ metrics: ['ad_cost'], from: '2026-01-02', to: '2026-01-03' }).totals.ad_cost).toBe(66.66);
    expect(value('ad_cost')).toBe(344);
    expect([netOf(12_000n, 'included', '2025-12-31'), netOf(12_200n, 'included', '2026-01-01')]).toEqual([
      10_000n,
      10_000n,
    ]);
  });

  it('profit and ratios from sums: 1400.01 − 600.00 − 39.00 − 344.00', () => {
    expect(value('gross_profit')).toBe(761.01);
    expect(value('profit')).toBe(417.01);
    expect(value('roi')).toBeCloseTo(417.01 / 344, 12);
    // 700.005 and 750.005: half a kopeck goes up.
    expect(value('aov')).toBe(700.01);
    expect(value('cpl')).toBe(86);
    expect(value('conversion_sale')).toBe(0.5);
    expect(ledger.report({ metrics: ['roi'], from: '2026-01-20', to: '2026-01-31' }).totals.roi).toBeNull();
  });

  it('the cycle of a sale is from its request to its first payment', () => {
    // Anna: 15 January 18:05 to 16 January 12:00, 17 h 55 min; Vera: 9:00 to 12:00.
    expect(value('sales_cycle_days')).toBeCloseTo((17 + 55 / 60 + 3) / 24 / 2, 12);
  });

  it('lifetime value is null until the horizon has passed', () => {
    expect(value('ltv_revenue', { horizon_days: 90 })).toBeNull();
    expect(value('ltv_revenue', { horizon_days: 3 })).toBe(750.01);
    expect(value('ltv', { horizon_days: 10 })).toBe(380.51);
  });

  it('metrics of a fact that lacks a dimension are null there', () => {
    const { rows } = ledger.report({ metrics: ['visits', 'ad_cost', 'roi'], dimensions: ['device'], ...january });
    expect(rows).toContainEqual({ device: 'desktop', visits: 7, ad_cost: null, roi: null });
  });
});

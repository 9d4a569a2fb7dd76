import { describe, expect, it } from 'vitest';
import { createLedger, type LedgerAnswer } from '../../simulator/ledger.ts';
import { creditPath, models, split } from '../../simulator/truth/credit.ts';
import type { Dimension } from '../../simulator/truth/dimensions.ts';
import { type MetricName, metrics } from '../../simulator/truth/metrics.ts';
import { dateBases } from '../../simulator/truth/placements.ts';
import { createWorld } from '../../simulator/world.ts';

const world = createWorld({ seed: 7, days: 21, endDate: '2026-01-12', scale: 'test' });
const ledger = createLedger(world);
const period = { from: '2025-12-23', to: '2026-01-12' } as const;
const wide = { from: '2025-11-01', to: '2026-03-01' } as const;
const additive = [
  'visits',
  'pageviews',
  'leads',
  'deals',
  'sales',
  'new_clients',
  'deal_amount',
  'paid',
  'refunded',
  'revenue',
  'cogs',
  'gross_profit',
  'ad_cost',
  'profit',
  'impressions',
  'clicks',
] as const satisfies readonly MetricName[];

const sumOf = (answer: LedgerAnswer, metric: MetricName): number =>
  answer.rows.reduce((sum, row) => sum + Number(row[metric]), 0);

/** VAT makes ad cost finer than kopecks, and each row and the totals are shown to the kopeck: half a kopeck each is all they may differ by. */
function expectSumOfRows(answer: LedgerAnswer, metric: MetricName, place = ''): void {
  const difference = Math.abs(sumOf(answer, metric) - Number(answer.totals[metric]));
  const isFine = metric === 'ad_cost' || metric === 'profit';
  expect(difference, `${metric} ${place}`).toBeLessThan(isFine ? 0.005 * (answer.rows.length + 1) : 0.000005);
}

describe('the ledger keeps the invariants of the metrics', () => {
  it('credits of each deal sum to one and money shares to its money, in whole kopecks, for every model', () => {
    const { facts } = ledger.at('later');
    for (const model of models) {
      for (const fact of facts.deals) {
        const visits = facts.visitsByPerson.get(fact.deal.personId) ?? [];
        const path = creditPath(visits, fact.conversionAt, { model, windowDays: 90, timezone: 'Europe/Moscow' });
        if (path.touches.length === 0) continue;
        for (const amount of [1_000_000_000n, ...fact.movements.map((payment) => payment.amount)]) {
          expect(split(amount, path).reduce((sum, part) => sum + part, 0n)).toBe(amount);
        }
      }
    }
  });

  it.each<{ dimensions: Dimension[] }>([
    { dimensions: ['channel'] },
    { dimensions: ['source', 'medium'] },
    { dimensions: ['channel', 'campaign'] },
    { dimensions: ['platform', 'campaign_id'] },
  ])('rows by $dimensions sum to the totals in every basis', ({ dimensions }) => {
    for (const date_basis of dateBases) {
      const answer = ledger
        .at('later')
        .report({ metrics: additive, dimensions, ...period, date_basis, attribution: { model: 'linear' } });
      for (const metric of additive) expectSumOfRows(answer, metric, date_basis);
    }
  });

  it('days sum to the period, empty days included', () => {
    const days = ledger
      .at('initial')
      .report({ metrics: additive, ...period, granularity: 'day', date_basis: 'payment' });
    expect(days.rows).toHaveLength(21);
    for (const metric of additive) expectSumOfRows(days, metric);
  });

  it('spend is what the platforms say in any grouping, model and basis', () => {
    const totals = new Set<number>();
    for (const model of models) {
      for (const date_basis of dateBases) {
        const answer = ledger
          .at('later')
          .report({ metrics: ['ad_cost'], dimensions: ['campaign'], ...period, date_basis, attribution: { model } });
        totals.add(Math.round(sumOf(answer, 'ad_cost') * 100));
      }
    }
    expect(totals.size).toBe(1);
  });

  it('totals do not depend on the model in the bases lead, deal and payment', () => {
    for (const date_basis of ['lead', 'deal', 'payment'] as const) {
      const [first, ...others] = models.map(
        (model) =>
          ledger.at('later').report({ metrics: additive, ...period, date_basis, attribution: { model } }).totals,
      );
      for (const other of others) expect(other).toEqual(first);
    }
  });

  it('revenue is every movement of money that the books hold', () => {
    const { facts, report } = ledger.at('later');
    const booked = [...facts.state.payments.values()].filter((payment) => payment.isPosted && !payment.isDeleted);
    const kopecks = booked.reduce((sum, payment) => sum + payment.amount, 0n);
    for (const date_basis of dateBases) {
      expect(report({ metrics: ['revenue'], ...wide, date_basis }).totals.revenue).toBe(Number(kopecks) / 100);
    }
  });

  it('answers every metric in every basis and model with a number or null', () => {
    const names = Object.keys(metrics) as MetricName[];
    const answer = ledger.at('later').report({
      metrics: names,
      dimensions: ['channel'],
      ...period,
      horizon_days: 3,
      attribution: { model: 'time_decay' },
    });
    for (const row of answer.rows)
      for (const name of names) expect(row[name] === null || Number.isFinite(row[name])).toBe(true);
  });
});

describe('the ledger knows the story of each scenario', () => {
  const revenueOf = (phase: 'initial' | 'later', scenario: string): bigint => {
    const { facts } = ledger.at(phase);
    return facts.deals
      .filter((fact) => fact.deal.scenario === scenario)
      .flatMap((fact) => fact.movements)
      .reduce((sum, payment) => sum + payment.amount, 0n);
  };

  it('a late payment makes a sale only in the later phase', () => {
    expect(revenueOf('initial', 'late-payment')).toBe(0n);
    expect(revenueOf('later', 'late-payment')).toBe(2_849_000n);
  });

  it('a full refund leaves no sale, a partial one does', () => {
    const facts = ledger.at('later').facts.deals;
    expect(facts.find((fact) => fact.deal.scenario === 'full-refund')?.isSale).toBe(false);
    expect(facts.find((fact) => fact.deal.scenario === 'partial-refund')?.isSale).toBe(true);
    expect(revenueOf('later', 'partial-refund')).toBe(189_050n);
  });

  it('a cancelled payment and a deleted deal are gone later', () => {
    expect(revenueOf('initial', 'payment-cancelled')).toBe(349_000n);
    expect(revenueOf('later', 'payment-cancelled')).toBe(0n);
    const isThere = (phase: 'initial' | 'later') =>
      ledger.at(phase).facts.deals.some((fact) => fact.deal.scenario === 'deal-deleted');
    expect([isThere('initial'), isThere('later')]).toEqual([true, false]);
  });

  it('the visit that comes late takes its deal out of «No visit»', () => {
    const count = (phase: 'initial' | 'later') => {
      const { facts } = ledger.at(phase);
      const fact = facts.deals.find((one) => one.deal.scenario === 'late-visit');
      return facts.visitsByPerson.get(fact?.deal.personId ?? '')?.length ?? 0;
    };
    expect([count('initial'), count('later')]).toEqual([0, 1]);
  });

  it('the second purchase of the buyer with two devices is no new client', () => {
    const numbers = ledger
      .at('initial')
      .facts.deals.filter((fact) => fact.deal.scenario === 'repeat-buyer-two-devices')
      .map((fact) => fact.saleNumber);
    expect(numbers.sort()).toEqual([1, 2]);
  });

  it('one campaign loses money, one spends and never sells, and both keep their rows', () => {
    const { rows } = ledger
      .at('initial')
      .report({ metrics: ['ad_cost', 'sales', 'profit'], dimensions: ['campaign'], ...period });
    const row = (name: string) => rows.find((one) => one.campaign === name);
    expect(row('Поиск / Конкуренты')?.profit).toBeLessThan(0);
    expect(row('РСЯ / Холодная аудитория')).toMatchObject({ sales: 0 });
    expect(row('РСЯ / Холодная аудитория')?.ad_cost).toBeGreaterThan(0);
  });

  it('Direct corrects its last days and a campaign goes by its new name for all its days', () => {
    const cost = (phase: 'initial' | 'later') =>
      Number(ledger.at(phase).report({ metrics: ['ad_cost'], ...period }).totals.ad_cost);
    expect(cost('later')).toBeLessThan(cost('initial'));
    const { rows } = ledger.at('later').report({ metrics: ['visits', 'ad_cost'], dimensions: ['campaign'], ...period });
    expect(rows.some((row) => row.campaign === 'Поиск / Чайники')).toBe(false);
    expect(rows.some((row) => row.campaign === 'Поиск / Чайники и термопоты')).toBe(true);
  });

  it('robots are not among the visits', () => {
    const all = ledger.at('initial').facts.state.visits;
    const bots = [...all.values()].filter((visit) => visit.isBot).length;
    expect(bots).toBeGreaterThan(0);
    const { totals } = ledger.at('initial').report({ metrics: ['visits'], ...period });
    expect(totals.visits).toBe(all.size - bots);
  });
});

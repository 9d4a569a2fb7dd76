import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { attributionModels } from '../../domain/attribution/index.ts';
import type { Report } from '../../reports/contract.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { testWarehouse } from '../support/clickhouse.ts';
import { ask, insertMarts, nowMs } from './marts.ts';
import { type Answer, answer, type Basis, type Question, type World } from './naive.ts';
import { toMarts, worlds } from './random-world.ts';

const metrics = [
  'visits',
  'visitors',
  'leads',
  'deals',
  'sales',
  'new_clients',
  'clicks',
  'ad_cost',
  'deal_amount',
  'paid',
  'refunded',
  'cogs',
];
/** All but the visitors: one who came twice counts in two rows. */
const summable = metrics.filter((metric) => metric !== 'visitors');
const counted = ['leads', 'deals', 'sales', 'new_clients'];
const conversionBases: readonly Basis[] = ['lead', 'deal', 'payment'];
const bases: readonly Basis[] = ['touch', ...conversionBases];
const models = attributionModels.map((model) => model.name);

const questions: fc.Arbitrary<Question> = fc.record({
  from: fc.constantFrom('2025-12-25', '2026-01-01', '2026-01-10'),
  to: fc.constantFrom('2026-01-10', '2026-01-31', '2026-02-10'),
  timezone: fc.constantFrom('Europe/Moscow', 'UTC', 'America/New_York', 'Asia/Kolkata'),
  basis: fc.constantFrom(...bases),
  model: fc.constantFrom(...models),
  windowDays: fc.constantFrom(0, 1, 7, 90),
  dimensions: fc.subarray(['channel', 'campaign', 'manager', 'client_type', 'weekday', 'device', 'payment_method'], {
    maxLength: 3,
  }),
  horizonDays: fc.constant(30),
  now: fc.constant(nowMs),
});

/** Which dimensions the fact of a metric has; the others leave it in the row without a value. */
const missing: Readonly<Record<string, readonly string[]>> = {
  visits: ['manager', 'client_type', 'payment_method'],
  visitors: ['manager', 'client_type', 'payment_method'],
  clicks: ['manager', 'client_type', 'payment_method', 'device'],
  ad_cost: ['manager', 'client_type', 'payment_method', 'device'],
  leads: ['payment_method'],
  paid: [],
  refunded: [],
};

const isUnknown = (metric: string, dimensions: readonly string[], key: readonly string[]): boolean =>
  dimensions.some(
    (dimension, index) => (missing[metric] ?? ['payment_method']).includes(dimension) && key[index] !== '',
  );

function expectedValue(naive: Answer, key: string, metric: string): number {
  if (metric === 'visitors') return naive.visitors.get(key)?.size ?? 0;
  const value = naive.rows.get(key)?.get(metric) ?? 0n;
  if (counted.includes(metric)) return Number(value) / 1e9;
  return ['visits', 'clicks'].includes(metric) ? Number(value) : Number(value) / 100;
}

/** The ratios of clients in one row, as the report rounds them. */
function expectedClients(naive: Answer, key: string): object {
  const buyers = [...(naive.buyers.get(key)?.values() ?? [])];
  const repeat = buyers.filter((deals) => deals.size > 1).length;
  const clients = naive.rows.get(key)?.get('new_clients') ?? 0n;
  const money = naive.rows.get(key)?.get('cohort_revenue') ?? 0n;
  const ltv = clients === 0n ? null : expect.closeTo((Number(money) * 1e7) / Number(clients), 1);
  return {
    repeat_rate: buyers.length === 0 ? null : expect.closeTo(repeat / buyers.length, 11),
    ltv_revenue: ltv,
  };
}

const textKey = (report: Report, row: Report['rows'][number]): string =>
  JSON.stringify(report.query.dimensions.map((name) => (row[name] === null ? '' : String(row[name]))));

function requestOf(question: Question): object {
  const { from, to, timezone, basis, model, windowDays, dimensions, horizonDays } = question;
  return {
    metrics,
    dimensions,
    from,
    to,
    timezone,
    date_basis: basis,
    attribution: { model, window_days: windowDays },
    horizon_days: horizonDays,
  };
}

const total = (report: Report, metric: string): number => Number(report.totals[metric]);

const summed = (report: Report, metric: string): number =>
  report.rows.reduce((sum, row) => sum + Math.round(Number(row[metric] ?? 0) * 1e9), 0) / 1e9;

/**
 * The tests draw the same shops and questions, so that they share what is in the warehouse and what was answered. A failure is told at
 * once: making its shop smaller would ask hundreds of reports.
 */
const runs = (numRuns: number) => ({ numRuns, seed: 20260101, endOnFailure: true });
const inOrder = questions.filter(({ from, to }) => from <= to);
const asked = fc.array(inOrder, { minLength: 3, maxLength: 3 });

describe('reports over random shops', { timeout: 240_000 }, () => {
  let warehouse: Warehouse;
  const names = new Map<string, string>();
  const reports = new Map<string, Report>();

  beforeAll(async () => {
    warehouse = await testWarehouse();
  });

  async function open(world: World): Promise<string> {
    const content = fc.stringify(world);
    const known = names.get(content);
    if (known !== undefined) return known;
    const name = `shop-${names.size}`;
    await insertMarts(warehouse, toMarts(world, name));
    names.set(content, name);
    return name;
  }

  async function reportOf(name: string, question: Question, over: object = {}): Promise<Report> {
    const request = { ...requestOf(question), ...over };
    const key = JSON.stringify([name, request]);
    const report = reports.get(key) ?? (await ask(warehouse, request, { name }));
    reports.set(key, report);
    return report;
  }

  it('equal a row-by-row computation in every row and metric', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, asked, async (world, some) => {
        const name = await open(world);
        for (const question of some) {
          const report = await reportOf(name, question);
          const naive = answer(world, question);
          const keys = report.rows.map((row) => textKey(report, row));
          expect(new Set(keys).size).toBe(keys.length);
          for (const [index, row] of report.rows.entries()) {
            const key = keys[index] ?? '';
            const wanted = metrics.map((metric) =>
              isUnknown(metric, question.dimensions, JSON.parse(key))
                ? [metric, null]
                : [metric, expectedValue(naive, key, metric)],
            );
            expect({ question, key, ...row }).toMatchObject({ question, key, ...Object.fromEntries(wanted) });
          }
          const something = [...naive.rows].filter(([, sums]) => [...sums.values()].some((value) => value !== 0n));
          for (const [key] of something) expect(keys).toContain(key);
        }
      }),
      runs(12),
    );
  });

  it('sum over any dimensions to the totals, and spend to the imported spend', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, asked, async (world, some) => {
        const name = await open(world);
        for (const question of some) {
          const report = await reportOf(name, question);
          for (const metric of summable) {
            const sum = { metric, question, sum: summed(report, metric) };
            expect(sum).toEqual({ metric, question, sum: total(report, metric) });
          }
          const spent = world.costs
            .filter(({ date, kind }) => date >= question.from && date <= question.to && kind !== 'other')
            .reduce((sum, { amount }) => sum + amount, 0n);
          expect(total(report, 'ad_cost')).toBe(Number(spent) / 100);
        }
      }),
      runs(12),
    );
  });

  it('sum over days to the totals', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, asked, async (world, [question]) => {
        if (question === undefined) return;
        const name = await open(world);
        const report = await reportOf(name, question);
        const days = await reportOf(name, { ...question, dimensions: [] }, { granularity: 'day' });
        for (const metric of summable) {
          expect({ metric, sum: summed(days, metric) }).toEqual({ metric, sum: total(report, metric) });
        }
      }),
      runs(8),
    );
  });

  it('give the same totals with every model on the bases lead, deal and payment', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, asked, fc.constantFrom(...conversionBases), async (world, [question], basis) => {
        if (question === undefined) return;
        const name = await open(world);
        const given = [];
        for (const model of models)
          given.push(await reportOf(name, { ...question, basis, model, dimensions: ['channel'] }));
        for (const report of given) expect(report.totals).toEqual(given[0]?.totals);
      }),
      runs(4),
    );
  });

  it('count clients and their repeated sales, and the money of a cohort, as a row-by-row computation does', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, asked, async (world, [question]) => {
        if (question === undefined) return;
        const name = await open(world);
        const byTouch = { ...question, dimensions: ['channel', 'manager'] };
        const report = await reportOf(name, byTouch, {
          metrics: ['sales', 'new_clients', 'repeat_rate', 'purchase_frequency', 'ltv_revenue'],
        });
        const naive = answer(world, byTouch);
        for (const row of report.rows) {
          expect(row).toMatchObject(expectedClients(naive, textKey(report, row)));
        }
      }),
      runs(10),
    );
  });
});

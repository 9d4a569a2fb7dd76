import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askReport } from '../../app/demo/judge.ts';
import { type Demo, runDemo } from '../../app/demo/run-demo.ts';
import { compareAnswers } from '../simulator/compare.ts';
import {
  createLedger,
  dateBases,
  dimensions,
  type LedgerQuestion,
  metricNames,
  models,
  type PhaseLedger,
} from '../simulator/index.ts';
import { options } from './shop-options.ts';

/** A clock that starts at a fixed moment, so that the shop and its days are the same in every run. */
function clockFrom(start: string): { now(): number } {
  const offsetMs = Date.parse(start) - Date.now();
  return { now: () => Date.now() + offsetMs };
}

const additive = [
  'visits',
  'leads',
  'deals',
  'sales',
  'new_clients',
  'paid',
  'refunded',
  'revenue',
  'cogs',
  'gross_profit',
  'ad_cost',
  'profit',
] as const;

/** A Chromium that cannot start, as on a machine without its libraries. */
function brokenChromium(folder: string): string {
  const broken = join(folder, 'chromium');
  writeFileSync(
    broken,
    '#!/bin/sh\necho "chromium: error while loading shared libraries: libnss3.so: cannot open shared object file" >&2\nexit 127\n',
  );
  chmodSync(broken, 0o755);
  return broken;
}

describe('the made-up shop across the change of VAT, where Chromium cannot start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-broken-chromium-'));
  const told: string[] = [];
  let demo: Demo;
  let ledger: PhaseLedger;
  let period: { from: string; to: string };
  beforeAll(async () => {
    demo = await runDemo({
      ...options('truth'),
      days: 45,
      clock: clockFrom('2026-01-20T15:00:00+03:00'),
      env: { THROUGHLINE_CHROMIUM: brokenChromium(folder) },
      progress: { step: () => {}, wait: () => {}, done: (name, result) => told.push(`${name}: ${result}`) },
    });
    ledger = createLedger(demo.world).at('later');
    period = { from: demo.world.period.startDate, to: demo.world.period.endDate };
  }, 300_000);
  afterAll(async () => {
    await demo?.stop();
    rmSync(folder, { recursive: true });
  });

  async function differences(question: LedgerQuestion): Promise<unknown[]> {
    const report = await askReport(demo.url, question);
    return [...compareAnswers(question, ledger.report(question), report).differences];
  }

  test('every number that the demo shows equals the ledger', () => {
    expect(demo.judged.differences).toEqual([]);
    expect(demo.judged.compared).toBeGreaterThan(3000);
  });

  test('its buyers are posted as the same payloads, it says so in a sentence, and every number equals the ledger', () => {
    expect(told).toContainEqual(
      'browser: 5 orders and 6 requests posted as the same payloads instead: Chromium cannot start on this machine (the system lacks libnss3.so)',
    );
    expect(demo.world.live.requests.length).toBeGreaterThan(3);
    expect(demo.judged.differences).toEqual([]);
  });

  test.each(dimensions.map((dimension) => [dimension] as const))(
    'every metric by %s equals the ledger',
    async (dimension) => {
      expect(
        await differences({
          ...period,
          metrics: metricNames,
          dimensions: [dimension],
          date_basis: 'touch',
          horizon_days: 14,
        }),
      ).toEqual([]);
    },
  );

  test.each(dateBases.flatMap((basis) => models.map((model) => [basis, model] as const)))(
    'basis %s with model %s equals the ledger day by day',
    async (date_basis, model) => {
      const attribution = { model, window_days: 7 };
      expect(await differences({ ...period, metrics: additive, granularity: 'day', date_basis, attribution })).toEqual(
        [],
      );
      expect(
        await differences({
          ...period,
          metrics: additive,
          dimensions: ['source', 'campaign'],
          date_basis,
          attribution,
        }),
      ).toEqual([]);
    },
  );

  test('a part of the period, in another time zone, by weeks, equals the ledger', async () => {
    const question: LedgerQuestion = {
      from: '2025-12-28',
      to: '2026-01-11',
      timezone: 'Asia/Kamchatka',
      granularity: 'week',
      metrics: additive,
      date_basis: 'payment',
    };
    expect(await differences(question)).toEqual([]);
  });

  test('money in the reports, money of spam deals and cancelled documents are together what 1C says', async () => {
    const documents = [...demo.world.state('later').payments.values()];
    const valid = documents.filter((payment) => payment.isPosted && !payment.isDeleted);
    const spam = new Set(
      ledger.facts.deals.filter(({ deal }) => deal.group === 'excluded').map(({ deal }) => deal.orderId),
    );
    const counted = valid.filter((payment) => !spam.has(payment.orderId));
    const report = await askReport(demo.url, {
      from: '2025-01-01',
      to: '2026-12-31',
      metrics: ['revenue'],
      date_basis: 'payment',
      dimensions: ['channel'],
    });
    expect(report.totals.revenue).toBe(Number(counted.reduce((sum, payment) => sum + payment.amount, 0n)) / 100);
    expect(documents.length).toBeGreaterThan(valid.length);
  });

  test('spend is what the ad cabinet says, in every model, basis and grouping', async () => {
    const spent = ledger.report({ ...period, metrics: ['ad_cost'] }).totals.ad_cost;
    for (const date_basis of dateBases) {
      const report = await askReport(demo.url, {
        ...period,
        metrics: ['ad_cost', 'sales'],
        dimensions: ['channel', 'campaign', 'device'],
        date_basis,
        attribution: { model: 'linear' },
      });
      const sum = report.rows.reduce((kopecks, row) => kopecks + Math.round(Number(row.ad_cost ?? 0) * 100), 0);
      expect(sum / 100).toBe(spent);
    }
  });

  test('without the touch basis totals do not depend on the model', async () => {
    for (const date_basis of ['lead', 'deal', 'payment'] as const) {
      const totals = await Promise.all(
        models.map(
          async (model) =>
            (await askReport(demo.url, { ...period, metrics: additive, date_basis, attribution: { model } })).totals,
        ),
      );
      expect(new Set(totals.map((total) => JSON.stringify(total))).size).toBe(1);
    }
  });
});

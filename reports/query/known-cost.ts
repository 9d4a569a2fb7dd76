import type { MoneySource } from '../registry/fact.ts';
import type { BaseMetric } from '../registry/metric.ts';
import { baseMetricsOf, metricByName } from '../registry/metrics.ts';
import type { Exact } from './measure.ts';
import type { SumRow } from './part.ts';
import type { Plan } from './plan.ts';
import { metricValue } from './values.ts';

/** Metrics that the share is computed from: the known part and the whole. */
const known = 'known_cost_revenue';
const whole = 'revenue';

const needsCost = (metrics: readonly string[], moneySource: MoneySource): boolean =>
  baseMetricsOf(metrics, moneySource).some(({ name }) => name === 'cogs');

/** What a report of these metrics must compute besides them to tell the share. */
export const knownCostParts = (metrics: readonly string[], moneySource: MoneySource): readonly string[] =>
  needsCost(metrics, moneySource) ? [known, whole] : [];

/**
 * The share of the report's revenue whose cost of goods is known, 0 to 1. Undefined when no metric asked for needs the cost, null without
 * revenue. Refunds of other periods may leave more revenue with a cost than there is revenue: all of it is known then.
 */
export function knownCostShare({ query, project }: Plan, total: SumRow): Exact | null | undefined {
  const { moneySource } = project;
  if (!needsCost(query.metrics, moneySource)) return undefined;
  const base = ({ name }: BaseMetric) => BigInt(total[name] ?? 0);
  const amountOf = (name: string) => metricValue(metricByName(name), base, moneySource)?.of ?? 0n;
  const revenue = amountOf(whole);
  if (revenue <= 0n) return null;
  const part = amountOf(known);
  const inside = part < 0n ? 0n : part;
  return { of: inside < revenue ? inside : revenue, per: revenue };
}

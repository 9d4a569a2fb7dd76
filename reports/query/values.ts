import type { MoneySource } from '../registry/fact.ts';
import { isCredited } from '../registry/fact.ts';
import type { BaseMetric, Metric, Term } from '../registry/metric.ts';
import { metricByName } from '../registry/metrics.ts';
import { add, divide, type Exact, zero } from './measure.ts';

/** What one row knows of a base metric: digits of its sum, or null when its fact has no answer for the row. */
export type BaseValues = (metric: BaseMetric) => bigint | null;

const micros = 1_000_000n;
const billionths = 1_000_000_000n;
const msPerDay = 86_400_000n;

function scaleOf(metric: BaseMetric): bigint {
  if (metric.kind === 'distinct') return 1n;
  if (metric.measure === 'money') return micros;
  const whole = metric.measure === 'duration' ? msPerDay : 1n;
  return isCredited(metric.fact) ? whole * billionths : whole;
}

function sumTerms(terms: readonly Term[], read: (name: string) => Exact | null): Exact | null {
  let total: Exact = zero;
  for (const term of terms) {
    const value = read(term.metric);
    if (value === null) return null;
    total = add(total, value, term.sign);
  }
  return total;
}

/** The exact value of any metric in one row; null when a part is unknown or a denominator is 0. */
export function metricValue(metric: Metric, base: BaseValues, moneySource: MoneySource): Exact | null {
  const read = (name: string): Exact | null => metricValue(metricByName(name), base, moneySource);
  if (metric.kind === 'sum' || metric.kind === 'distinct') {
    const sum = base(metric);
    return sum === null ? null : { of: sum, per: scaleOf(metric) };
  }
  if (metric.kind === 'derived') return sumTerms(metric.terms[moneySource], read);
  if (metric.unless !== undefined && read(metric.unless)?.of !== 0n) return null;
  const numerator = sumTerms(metric.numerator, read);
  const denominator = read(metric.denominator);
  return numerator === null || denominator === null ? null : divide(numerator, denominator);
}

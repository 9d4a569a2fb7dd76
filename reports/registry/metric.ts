import type { Fact, MoneySource, Sql, SumContext } from './fact.ts';
import type { Text, Unit } from './unit.ts';

interface MetricBase {
  readonly name: string;
  readonly unit: Unit;
  /** Which way is good for the business. */
  readonly better: 'more' | 'less' | 'neither';
  readonly label: Text;
  readonly description: Text;
  /** How it is computed, for people. */
  readonly formula: string;
  /** A part of other metrics that cannot be asked for by itself. */
  readonly hidden?: true;
}

/**
 * Adds up over rows of one fact. `row` gives a whole number per row: how many (`count`), millionths of the currency (`money`) or
 * milliseconds (`duration`). On credited facts counts and durations are weighed by the touch's share in billionths, and money
 * is split touch by touch in whole kopecks.
 */
export interface SumMetric extends MetricBase {
  readonly kind: 'sum';
  readonly fact: Fact;
  readonly measure: 'count' | 'money' | 'duration';
  readonly row: (context: SumContext) => Sql;
}

/** Counts different things, each once in any row of the report and once in the totals; does not add up over rows. */
export interface DistinctMetric extends MetricBase {
  readonly kind: 'distinct';
  readonly fact: Fact;
  readonly of: 'visitors' | 'buyers' | 'repeat_buyers';
}

/** A metric with its sign. */
export interface Term {
  readonly metric: string;
  readonly sign: 1 | -1;
}

export interface DerivedMetric extends MetricBase {
  readonly kind: 'derived';
  readonly terms: Readonly<Record<MoneySource, readonly Term[]>>;
}

/** Computed last, from sums, at every level; null when the denominator is 0. */
export interface RatioMetric extends MetricBase {
  readonly kind: 'ratio';
  readonly numerator: readonly Term[];
  readonly denominator: string;
  /** The ratio is null while this metric is not 0. */
  readonly unless?: string;
}

export type Metric = SumMetric | DistinctMetric | DerivedMetric | RatioMetric;

/** A metric that SQL computes; the rest is arithmetic on these. */
export type BaseMetric = SumMetric | DistinctMetric;

export const isBase = (metric: Metric): metric is BaseMetric => metric.kind === 'sum' || metric.kind === 'distinct';

export const plus = (metric: string): Term => ({ metric, sign: 1 });
export const minus = (metric: string): Term => ({ metric, sign: -1 });

/** The same terms whichever the money source is. */
export const always = (...terms: readonly Term[]): DerivedMetric['terms'] => ({ payments: terms, deals: terms });

import type { Fact } from '../registry/fact.ts';
import type { BaseMetric, DistinctMetric, SumMetric } from '../registry/metric.ts';
import type { Plan } from './plan.ts';

/** Billionths: the scale of everything that a touch's share is multiplied with. */
export const weightScale = 1_000_000_000n;

export const isSum = (metric: BaseMetric): metric is SumMetric => metric.kind === 'sum';

export const sumsOf = (plan: Plan, fact: Fact): readonly SumMetric[] =>
  plan.base.filter(isSum).filter((metric) => metric.fact === fact);

export const asksFor = (plan: Plan, ...kinds: readonly DistinctMetric['of'][]): boolean =>
  plan.base.some((metric) => metric.kind === 'distinct' && kinds.includes(metric.of));

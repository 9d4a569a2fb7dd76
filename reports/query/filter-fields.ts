import type { Condition, Filter } from '../contract.ts';
import { findMetric } from '../registry/metrics.ts';

/** Every condition of a filter, in order. */
export function conditionsOf(filter: Filter): readonly Condition[] {
  if ('or' in filter) return filter.or.flatMap(conditionsOf);
  if ('and' in filter) return filter.and.flatMap(conditionsOf);
  return [filter];
}

export type FilterKind = 'dimensions' | 'metrics' | 'mixed';

/** Filters on dimensions choose what is added up; filters on metrics choose rows afterwards. */
export function filterKind(filter: Filter): FilterKind {
  const onMetric = conditionsOf(filter).map((condition) => findMetric(condition.field) !== undefined);
  if (onMetric.every(Boolean)) return 'metrics';
  return onMetric.some(Boolean) ? 'mixed' : 'dimensions';
}

/** `and` at the top is the same as its members side by side. */
export function flattenAnd(filters: readonly Filter[]): readonly Filter[] {
  return filters.flatMap((filter) => ('and' in filter ? flattenAnd(filter.and) : [filter]));
}

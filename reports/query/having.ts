import type { Condition, Filter } from '../contract.ts';

type Values = Readonly<Record<string, number | null>>;

const compare: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  eq: (left, right) => left === right,
  gt: (left, right) => left > right,
  gte: (left, right) => left >= right,
  lt: (left, right) => left < right,
  lte: (left, right) => left <= right,
};

/** As for dimensions, "no value" passes `ne` and `not_in` and nothing else but `is_null`. */
function conditionPasses({ field, op, value }: Condition, values: Values): boolean {
  const actual = values[field] ?? null;
  if (op === 'is_null') return (actual === null) === value;
  if (op === 'ne') return actual !== value;
  const listed = Array.isArray(value) && value.includes(actual ?? Number.NaN);
  if (op === 'not_in') return !listed;
  if (op === 'in') return listed;
  return actual !== null && typeof value === 'number' && (compare[op]?.(actual, value) ?? false);
}

/** Whether a row's metrics pass a filter. They are compared as they are shown. */
export function passes(filter: Filter, values: Values): boolean {
  if ('or' in filter) return filter.or.some((member) => passes(member, values));
  if ('and' in filter) return filter.and.every((member) => passes(member, values));
  return conditionPasses(filter, values);
}

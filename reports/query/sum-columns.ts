import { sql } from 'kysely';
import type { Fact, Sql } from '../registry/fact.ts';
import type { BaseMetric, DistinctMetric, SumMetric } from '../registry/metric.ts';
import type { Plan } from './plan.ts';

/** Billionths: the scale of everything that a touch's share is multiplied with. */
export const weightScale = 1_000_000_000n;

/** The column of a metric, the same in every part of the union. */
export const columnOf = (metric: BaseMetric): Sql => sql.ref(`sum_${metric.name}`);

export const isSum = (metric: BaseMetric): metric is SumMetric => metric.kind === 'sum';

const nobody = sql`toUUID('00000000-0000-0000-0000-000000000000')`;

/** States of distinct counts, so that the totals count a visitor of two rows once. Buyers and repeat buyers share one. */
const distinctState: Readonly<Record<DistinctMetric['of'], { column: string; empty: Sql; merged: Sql }>> = {
  visitors: {
    column: 'state_visitors',
    empty: sql`uniqExactStateIf(${nobody}, 0)`,
    merged: sql`uniqExactMerge(state_visitors)`,
  },
  buyers: {
    column: 'state_buyers',
    empty: sql`CAST([], 'Array(Tuple(String, String))')`,
    merged: sql`countEqual(arrayEnumerateUniq(arrayMap(pair -> pair.1, groupUniqArrayArray(state_buyers))), 1)`,
  },
  repeat_buyers: {
    column: 'state_buyers',
    empty: sql`CAST([], 'Array(Tuple(String, String))')`,
    merged: sql`countEqual(arrayEnumerateUniq(arrayMap(pair -> pair.1, groupUniqArrayArray(state_buyers))), 2)`,
  },
};

/** What a part computes itself; the rest of the union's columns it fills with nothing. */
export interface PartColumns {
  readonly sum: (metric: SumMetric) => Sql | undefined;
  /** Aggregate over this part's rows: visitors as a state, buyers as distinct pairs of client and deal. */
  readonly state: (column: 'state_visitors' | 'state_buyers') => Sql | undefined;
}

/** The metric columns of one part, in the order that all parts share. */
export function metricColumns(plan: Plan, part: PartColumns): readonly Sql[] {
  const sums = plan.base
    .filter(isSum)
    .map((metric) => sql`${part.sum(metric) ?? sql`toInt128(0)`} AS ${columnOf(metric)}`);
  return [...sums, ...stateColumns(plan, part)];
}

function stateColumns(plan: Plan, part: PartColumns): readonly Sql[] {
  const states = new Map(
    plan.base
      .filter((metric) => metric.kind === 'distinct')
      .map((metric) => [distinctState[metric.of].column, metric.of]),
  );
  return [...states].map(([column, of]) => {
    const own = part.state(column === 'state_visitors' ? 'state_visitors' : 'state_buyers');
    return sql`${own ?? distinctState[of].empty} AS ${sql.ref(column)}`;
  });
}

/** The final value of a metric over the united parts, as digits. */
export function totalSql(metric: BaseMetric): Sql {
  const value = metric.kind === 'sum' ? sql`sum(${columnOf(metric)})` : distinctState[metric.of].merged;
  return sql`toString(${value}) AS ${sql.ref(metric.name)}`;
}

export const sumsOf = (plan: Plan, fact: Fact): readonly SumMetric[] =>
  plan.base.filter(isSum).filter((metric) => metric.fact === fact);

export const hasState = (plan: Plan, of: DistinctMetric['of']): boolean =>
  plan.base.some((metric) => metric.kind === 'distinct' && metric.of === of);

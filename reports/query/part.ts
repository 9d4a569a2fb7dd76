import { type CompiledQuery, sql } from 'kysely';
import { compileOnly } from '../../warehouse/dialect/compile-only.ts';
import type { Database } from '../../warehouse/tables/index.ts';
import type { Dimension } from '../registry/dimension.ts';
import type { Sql } from '../registry/fact.ts';
import type { BaseMetric, DistinctMetric, SumMetric } from '../registry/metric.ts';
import { grainColumns, grainValues, groupBy } from './grain.ts';
import { maxGroups } from './limits.ts';
import type { Plan } from './plan.ts';

/** A row as SQL answers it: the bucket, the dimensions (`''` for none) and every base metric as digits, null when another row tells it. */
export type SumRow = Readonly<Record<string, string | null>>;

/** What one query of a report adds up. */
export interface Part {
  /** `FROM … WHERE …`: the rows. */
  readonly rows: Sql;
  /** Local day that places a row. */
  readonly day: Sql;
  /** Where a row has the value of a dimension. */
  readonly readValue: (dimension: Dimension) => Sql;
  /** The sum of a metric over the rows, a whole number in the scale of the metric. */
  readonly sum: (metric: SumMetric) => Sql;
  /** All different things of a distinct metric among the rows. */
  readonly things: Partial<Readonly<Record<DistinctMetric['of'], Sql>>>;
}

const builder = compileOnly<Database>();

/** How many different things there are: visitors are an aggregate state; buyers a list of pairs of client and deal, once for both counts. */
const countThings: Readonly<Record<DistinctMetric['of'], { readonly column: string; readonly count: Sql }>> = {
  visitors: { column: 'state_visitors', count: sql`uniqExactMerge(state_visitors)` },
  buyers: { column: 'state_buyers', count: timesSeen(1) },
  repeat_buyers: { column: 'state_buyers', count: timesSeen(2) },
};

function timesSeen(times: 1 | 2): Sql {
  return sql.raw(
    `countEqual(arrayEnumerateUniq(arrayMap(pair -> pair.1, groupUniqArrayArray(state_buyers))), ${times})`,
  );
}

const isDistinct = (metric: BaseMetric): metric is DistinctMetric => metric.kind === 'distinct';

const digits = (value: Sql, metric: BaseMetric): Sql => sql`toString(${value}) AS ${sql.ref(metric.name)}`;

/** A part with what is asked of it alone. */
export interface Task {
  readonly plan: Plan;
  readonly part: Part;
}

/** Whether the totals of a part are more than the sums of its rows: things count once in them, in however many rows they stand. */
export const hasOwnTotals = ({ plan }: Task): boolean => plan.base.some(isDistinct);

/** The query of a part that has totals of its own: a second pass gives them. */
export const compileCounted = ({ plan, part }: Task): CompiledQuery<SumRow> =>
  sql<SumRow>`${countedRows(plan, part)}
LIMIT ${maxGroups + 2}`.compile(builder);

/** One query of several parts, one under the other: asking the database costs more than most of them. */
export function compileSummed(tasks: readonly Task[]): CompiledQuery<SumRow> {
  const metrics = tasks.flatMap(({ plan }) => plan.base);
  const parts = tasks.map((task) => sql`(${summedRows(task, metrics)})`);
  return sql<SumRow>`${sql.join(parts, sql`\nUNION ALL\n`)}`.compile(builder);
}

function summedRows({ plan, part }: Task, metrics: readonly BaseMetric[]): Sql {
  const own = new Set(plan.base);
  const sums = metrics.map((metric) =>
    !isDistinct(metric) && own.has(metric)
      ? digits(part.sum(metric), metric)
      : sql`CAST(NULL, 'Nullable(String)') AS ${sql.ref(metric.name)}`,
  );
  return sql`SELECT ${sql.join([...grainValues(plan, part.day, part.readValue), ...sums])}
${part.rows}
${groupBy(plan)}
LIMIT ${maxGroups + 2}`;
}

function countedRows(plan: Plan, part: Part): Sql {
  const grain = grainColumns(plan);
  const [first] = grain;
  const level = first === undefined ? sql`'total'` : sql`if(grouping(${first}) = 1, 'total', 'row')`;
  const groups = first === undefined ? sql`` : sql`GROUP BY GROUPING SETS ((${sql.join(grain)}), ())`;
  const metrics = plan.base.map((metric) =>
    digits(isDistinct(metric) ? countThings[metric.of].count : sql`sum(${sumColumn(metric)})`, metric),
  );
  return sql`SELECT ${sql.join([sql`${level} AS level`, ...grain, ...metrics])}
FROM (
SELECT ${sql.join([...grainValues(plan, part.day, part.readValue), ...thingColumns(plan, part)])}
${part.rows}
${groupBy(plan)}
)
${groups}`;
}

const sumColumn = (metric: BaseMetric): Sql => sql.ref(`sum_${metric.name}`);

function thingColumns(plan: Plan, part: Part): readonly Sql[] {
  const sums = plan.base
    .filter((metric) => !isDistinct(metric))
    .map((metric) => sql`${part.sum(metric)} AS ${sumColumn(metric)}`);
  const kinds = new Map(plan.base.filter(isDistinct).map(({ of }) => [countThings[of].column, of]));
  const things = [...kinds].map(([column, of]) => sql`${part.things[of] ?? sql`NULL`} AS ${sql.ref(column)}`);
  return [...sums, ...things];
}

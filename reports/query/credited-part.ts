import { sql } from 'kysely';
import { typed } from '../../warehouse/dialect/typed-value.ts';
import type { Dimension } from '../registry/dimension.ts';
import { isCredited, type Sql } from '../registry/fact.ts';
import type { SumMetric } from '../registry/metric.ts';
import { hourSql, localDaySql, weekdaySql } from './calendar-sql.ts';
import { creditSql, soleTouchSql, touchDimensions } from './credit.ts';
import { asksBuyers, factRows, ownColumn, ownDimensions } from './fact-rows.ts';
import { whereSql } from './filter-sql.ts';
import { grainValues, groupBy } from './grain.ts';
import type { Plan } from './plan.ts';
import { reachedPaths } from './reached-paths.ts';
import { columnOf, isSum, metricColumns, weightScale } from './sum-columns.ts';

const one = sql.raw(`toInt128(${weightScale})`);
const placedAt = sql`credited_at`;

/** Where a credited row has the value of a dimension. */
function valueIn(plan: Plan, dimension: Dimension): Sql {
  if (dimension.time === 'weekday') return weekdaySql(localDaySql(placedAt, plan.query.timezone));
  if (dimension.time === 'hour') return hourSql(placedAt, plan.query.timezone);
  if (dimension.touch === undefined) return sql.ref(ownColumn(ownDimensions(plan).findIndex(same(dimension))));
  return sql.raw(`touch.2.${touchDimensions(plan).findIndex(same(dimension)) + 1}`);
}

const same = (dimension: Dimension) => (other: Dimension) => other.name === dimension.name;

const creditedSums = (plan: Plan): readonly SumMetric[] =>
  plan.base.filter(isSum).filter(({ fact }) => isCredited(fact));

const isSplit = (metric: SumMetric): boolean => metric.measure === 'money';

/** Whole kopecks in millionths: money is split no finer. */
const kopeck = sql.raw('10000');

/**
 * Money of a row as a list beside its touches: each part cut toward zero to whole kopecks, the rest to the last touch, so that the parts
 * sum to the money exactly and a refund mirrors its payment.
 */
function splitColumn(metric: SumMetric): Sql {
  const cut = sql.ref(`cut_${metric.name}`);
  return sql`arrayMap(share -> intDiv(${columnOf(metric)} * share, total * ${kopeck}) * ${kopeck}, arrayPopBack(shares)) AS ${cut},
  arrayPushBack(${cut}, ${columnOf(metric)} - arraySum(${cut})) AS ${sql.ref(`parts_${metric.name}`)}`;
}

const weightColumn = sql`arrayMap(share -> intDiv(${one} * share, total), arrayPopBack(shares)) AS cut_weights,
  arrayPushBack(cut_weights, ${one} - arraySum(cut_weights)) AS weights`;

/** What stands for the touch of a row whose path has none in the window. */
function noTouch(plan: Plan): Sql {
  const values = touchDimensions(plan).map((dimension) => sql`${typed(dimension.withoutTouch ?? '', 'String')}`);
  return sql`(r.at, tuple(${sql.join(values)}))`;
}

/** Columns of a fact row that come through the credit as they are. */
function keptColumns(plan: Plan): readonly Sql[] {
  const own = ownDimensions(plan).map((_, index) => sql.ref(ownColumn(index)));
  return asksBuyers(plan) ? [...own, sql`buyer`] : own;
}

const wholeSums = (plan: Plan): readonly SumMetric[] => creditedSums(plan).filter((metric) => !isSplit(metric));

/** Rows with the touches that get them, and each of their numbers as a list beside the touches. */
function splitRows(plan: Plan): Sql {
  const splits = creditedSums(plan).filter(isSplit).map(splitColumn);
  const columns = [...keptColumns(plan), ...wholeSums(plan).map(columnOf), ...splits];
  return sql`SELECT ${sql.join([sql`at`, sql`touches`, sql`shares`, ...columns, ...(wholeSums(plan).length === 0 ? [] : [weightColumn])])}
FROM (
  SELECT r.*,
    if(empty(credit.touches), [${noTouch(plan)}], credit.touches) AS touches,
    if(empty(credit.shares), [toInt64(1)], credit.shares) AS shares,
    toInt128(arraySum(shares)) AS total
  FROM (
${factRows(plan)}
  ) AS r LEFT ANY JOIN (
${creditSql(plan, reachedPaths(plan))}
  ) AS credit ON credit.path_id = r.path_id
)`;
}

function creditedAt(plan: Plan): Sql {
  return plan.query.date_basis === 'touch' ? sql`touch.1` : sql`at`;
}

function touchInPeriod(plan: Plan): Sql {
  if (plan.query.date_basis !== 'touch') return sql``;
  return sql`WHERE touch.1 >= ${plan.start} AND touch.1 < ${plan.end}`;
}

function sharedRows(plan: Plan): Sql {
  const parts = creditedSums(plan).filter(isSplit);
  const weighs = wholeSums(plan).length > 0;
  const money = parts.map((metric) => sql`${sql.ref(`part_${metric.name}`)} AS ${columnOf(metric)}`);
  const lists = parts.map(({ name }) => sql`${sql.ref(`parts_${name}`)} AS ${sql.ref(`part_${name}`)}`);
  return sql`SELECT ${sql.join([
    sql`touch`,
    sql`${creditedAt(plan)} AS credited_at`,
    ...(weighs ? [sql`weight`] : []),
    ...keptColumns(plan),
    ...wholeSums(plan).map(columnOf),
    ...money,
  ])}
FROM (
${splitRows(plan)}
) ARRAY JOIN ${sql.join([sql`touches AS touch`, ...(weighs ? [sql`weights AS weight`] : []), ...lists])}
${touchInPeriod(plan)}`;
}

/** The rows of a model that gives everything to one touch: nothing is split. */
function soleRows(plan: Plan, sole: 'first' | 'last'): Sql {
  return sql`SELECT ${sql.join([
    sql`if(credit.path_id = '', ${noTouch(plan)}, credit.touch) AS touch`,
    sql`${creditedAt(plan)} AS credited_at`,
    sql`${one} AS weight`,
    ...keptColumns(plan),
    ...creditedSums(plan).map(columnOf),
  ])}
FROM (
${factRows(plan)}
) AS r LEFT ANY JOIN (
${soleTouchSql(plan, sole, reachedPaths(plan))}
) AS credit ON credit.path_id = r.path_id
${touchInPeriod(plan)}`;
}

/** One row per fact row and touch: `credited_at`, `weight` in billionths, and the parts of the money. */
function creditedRows(plan: Plan): Sql {
  if (!plan.needsCredit) {
    return sql`SELECT *, at AS credited_at, ${one} AS weight FROM (\n${factRows(plan)}\n)`;
  }
  return plan.model.sole === undefined ? sharedRows(plan) : soleRows(plan, plan.model.sole);
}

/** Requests, deals, payments and cohorts, each credited to the touches of its path and summed to the report's grain. */
export function creditedPart(plan: Plan): Sql {
  const readValue = (dimension: Dimension) => valueIn(plan, dimension);
  const columns = metricColumns(plan, {
    sum: (metric) => {
      if (!isCredited(metric.fact)) return undefined;
      const column = sql.ref(`f.sum_${metric.name}`);
      return isSplit(metric) ? sql`sum(${column})` : sql`sum(${column} * f.weight)`;
    },
    state: (column) => (column === 'state_buyers' ? sql`groupUniqArrayIf(f.buyer, f.buyer.2 != '')` : undefined),
  });
  return sql`SELECT ${sql.join([...grainValues(plan, localDaySql(placedAt, plan.query.timezone), readValue), ...columns])}
FROM (
${creditedRows(plan)}
) AS f
WHERE ${whereSql(plan.where, readValue)}
${groupBy(plan)}`;
}

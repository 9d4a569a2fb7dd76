import { sql } from 'kysely';
import { typed } from '../../warehouse/dialect/typed-value.ts';
import type { Dimension } from '../registry/dimension.ts';
import { isCredited, type Sql } from '../registry/fact.ts';
import type { SumMetric } from '../registry/metric.ts';
import { hourSql, localDaySql, weekdaySql } from './calendar-sql.ts';
import { creditSql, touchDimensions } from './credit.ts';
import { asksBuyers, factRows, ownColumn, ownDimensions } from './fact-rows.ts';
import { whereSql } from './filter-sql.ts';
import { grainValues, groupBy } from './grain.ts';
import type { Plan } from './plan.ts';
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
  const cut = sql`arrayMap(share -> intDiv(${columnOf(metric)} * share, total * ${kopeck}) * ${kopeck}, arrayPopBack(shares))`;
  return sql`arrayConcat(${cut}, [${columnOf(metric)} - arraySum(${cut})]) AS ${sql.ref(`parts_${metric.name}`)}`;
}

/** Rows with the touches that get them, and each of their numbers as a list beside the touches. */
function splitRows(plan: Plan): Sql {
  const rows = factRows(plan);
  const nowhere = touchDimensions(plan).map((dimension) => sql`${typed(dimension.withoutTouch ?? '', 'String')}`);
  const weights = sql`arrayMap(share -> intDiv(${one} * share, total), arrayPopBack(shares))`;
  const splits = creditedSums(plan).filter(isSplit).map(splitColumn);
  return sql`SELECT *, ${sql.join([sql`arrayConcat(${weights}, [${one} - arraySum(${weights})]) AS weights`, ...splits])}
FROM (
  SELECT r.*,
    if(empty(credit.touches), [(r.at, tuple(${sql.join(nowhere)}))], credit.touches) AS touches,
    if(empty(credit.shares), [toInt64(1)], credit.shares) AS shares,
    toInt128(arraySum(shares)) AS total
  FROM (
${rows}
  ) AS r LEFT ANY JOIN (
${creditSql(plan, sql`SELECT path_id FROM (\n${rows}\n)`)}
  ) AS credit ON credit.path_id = r.path_id
)`;
}

/** One row per fact row and touch: `credited_at`, `weight` in billionths, and the parts of the money. */
function creditedRows(plan: Plan): Sql {
  if (!plan.needsCredit) {
    return sql`SELECT *, at AS credited_at, ${one} AS weight FROM (\n${factRows(plan)}\n)`;
  }
  const byTouch = plan.query.date_basis === 'touch';
  const own = [
    ...ownDimensions(plan).map((_, index) => sql.ref(ownColumn(index))),
    ...(asksBuyers(plan) ? [sql`buyer`] : []),
  ];
  const whole = creditedSums(plan)
    .filter((metric) => !isSplit(metric))
    .map(columnOf);
  const parts = creditedSums(plan).filter(isSplit);
  return sql`SELECT ${sql.join([
    sql`touch`,
    sql`weight`,
    sql`${byTouch ? sql`touch.1` : sql`at`} AS credited_at`,
    ...own,
    ...whole,
    ...parts.map((metric) => sql`${sql.ref(`part_${metric.name}`)} AS ${columnOf(metric)}`),
  ])}
FROM (
${splitRows(plan)}
) ARRAY JOIN ${sql.join([
    sql`touches AS touch`,
    sql`weights AS weight`,
    ...parts.map((metric) => sql`${sql.ref(`parts_${metric.name}`)} AS ${sql.ref(`part_${metric.name}`)}`),
  ])}
${byTouch ? sql`WHERE touch.1 >= ${plan.start} AND touch.1 < ${plan.end}` : sql``}`;
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

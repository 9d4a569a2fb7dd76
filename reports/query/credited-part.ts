import { sql } from 'kysely';
import { typed } from '../../warehouse/dialect/typed-value.ts';
import type { Dimension } from '../registry/dimension.ts';
import type { Sql } from '../registry/fact.ts';
import type { SumMetric } from '../registry/metric.ts';
import { hourSql, localDaySql, weekdaySql } from './calendar-sql.ts';
import { creditSql, soleTouchSql, touchDimensions, touchElement, touchInstant } from './credit.ts';
import { asksBuyers, factRows, ownColumn, ownDimensions, sumColumn } from './fact-rows.ts';
import { whereSql } from './filter-sql.ts';
import type { Part } from './part.ts';
import type { Plan } from './plan.ts';
import { reachedPaths } from './reached-paths.ts';
import { isSum, weightScale } from './sums.ts';

const one = sql.raw(String(weightScale));

/** Whole kopecks in millionths: money is split no finer. */
const kopeck = sql.raw('10000');

const isSplit = (metric: SumMetric): boolean => metric.measure === 'money';

/** What stands for the touch of a row whose path has none in the window. */
function noTouch(plan: Plan): Sql {
  const values = touchDimensions(plan).map((dimension) => sql`${typed(dimension.withoutTouch ?? '', 'String')}`);
  return sql`tuple(${sql.join([sql`r.at`, ...values])})`;
}

/** `value × share ÷ total`, cut toward zero. */
function cut(plan: Plan, value: Sql, total: Sql): Sql {
  if (plan.model.sharesAreSmall) return sql`intDiv(${value} * share, ${total})`;
  return sql`toInt64(intDiv(toInt128(${value}) * share, ${total}))`;
}

/**
 * Money of a row as a list beside its touches: each part cut toward zero to whole kopecks, the rest to the last touch, so that the parts
 * sum to the money exactly and a refund mirrors its payment.
 */
function splitColumn(plan: Plan, metric: SumMetric): Sql {
  const parts = sql.ref(`cut_${metric.name}`);
  const part = sql`${cut(plan, sumColumn(metric), sql`(total * ${kopeck})`)} * ${kopeck}`;
  return sql`arrayMap(share -> ${part}, arrayPopBack(shares)) AS ${parts},
  arrayPushBack(${parts}, ${sumColumn(metric)} - arraySum(${parts})) AS ${sql.ref(`parts_${metric.name}`)}`;
}

const weightColumns = sql`arrayMap(share -> intDiv(${one} * share, total), arrayPopBack(shares)) AS cut_weights,
  arrayPushBack(cut_weights, ${one} - arraySum(cut_weights)) AS weights`;

/** Columns of a fact row that come through the credit as they are. */
function keptColumns(plan: Plan): readonly Sql[] {
  const own = ownDimensions(plan).map((_, index) => sql.ref(ownColumn(index)));
  const whole = wholeSums(plan).map(sumColumn);
  return [sql.ref('at'), ...own, ...whole, ...(asksBuyers(plan) ? [sql.ref('buyer')] : [])];
}

const wholeSums = (plan: Plan): readonly SumMetric[] => plan.base.filter(isSum).filter((metric) => !isSplit(metric));
const splitSums = (plan: Plan): readonly SumMetric[] => plan.base.filter(isSum).filter(isSplit);

/** Rows with the touches that get them, and each of their numbers as a list beside the touches. */
function splitRows(plan: Plan): Sql {
  const splits = splitSums(plan).map((metric) => splitColumn(plan, metric));
  const columns = [...keptColumns(plan), ...splits, ...(wholeSums(plan).length === 0 ? [] : [weightColumns])];
  return sql`SELECT ${sql.join([
    sql`if(empty(credit.touches), [${noTouch(plan)}], credit.touches) AS touches`,
    sql`if(empty(credit.shares), [toInt64(1)], credit.shares) AS shares`,
    sql`arraySum(shares) AS total`,
    ...columns,
  ])}
FROM (
${factRows(plan)}
) AS r LEFT ANY JOIN (
${creditSql(plan, reachedPaths(plan))}
) AS credit ON credit.path_id = r.path_id`;
}

/** One row per fact row and touch: `touch`, `weight` in billionths, and the parts of the money. */
function sharedRows(plan: Plan): Sql {
  const lists = splitSums(plan).map(({ name }) => sql`${sql.ref(`parts_${name}`)} AS ${sql.ref(`sum_${name}`)}`);
  const weights = wholeSums(plan).length === 0 ? [] : [sql`weights AS weight`];
  return sql`FROM (
${splitRows(plan)}
) ARRAY JOIN ${sql.join([sql`touches AS touch`, ...weights, ...lists])}`;
}

/** The rows of a model that gives everything to one touch: nothing is split. */
function soleRows(plan: Plan, sole: 'first' | 'last'): Sql {
  const columns = [...keptColumns(plan), ...splitSums(plan).map(sumColumn), sql`toInt64(${one}) AS weight`];
  return sql`FROM (
SELECT if(credit.path_id = '', ${noTouch(plan)}, credit.touch) AS touch, ${sql.join(columns)}
FROM (
${factRows(plan)}
) AS r LEFT ANY JOIN (
${soleTouchSql(plan, sole, reachedPaths(plan))}
) AS credit ON credit.path_id = r.path_id
)`;
}

/** The instant that places a credited row. */
const placedAt = (plan: Plan): Sql =>
  plan.query.date_basis === 'touch' ? sql.raw(`touch.${touchInstant}`) : sql.ref('at');

function touchInPeriod(plan: Plan): Sql {
  if (plan.query.date_basis !== 'touch') return sql`1`;
  return sql`${placedAt(plan)} >= ${plan.start} AND ${placedAt(plan)} < ${plan.end}`;
}

/** Where a credited row has the value of a dimension. */
function valueIn(plan: Plan, dimension: Dimension): Sql {
  const { timezone } = plan.query;
  if (dimension.time === 'weekday') return weekdaySql(localDaySql(placedAt(plan), timezone));
  if (dimension.time === 'hour') return hourSql(placedAt(plan), timezone);
  if (dimension.touch !== undefined) return sql.raw(`touch.${touchElement(plan, dimension)}`);
  return sql.ref(ownColumn(ownDimensions(plan).findIndex(({ name }) => name === dimension.name)));
}

/** Requests, deals, payments and cohorts, each credited to the touches of its path. */
export function creditedPart(plan: Plan): Part {
  const readValue = (dimension: Dimension): Sql => valueIn(plan, dimension);
  const buyers = sql`groupUniqArrayIf(buyer, buyer.2 != '')`;
  const rows = plan.model.sole === undefined ? sharedRows(plan) : soleRows(plan, plan.model.sole);
  return {
    rows: sql`${rows}
WHERE ${touchInPeriod(plan)} AND ${whereSql(plan.where, readValue)}`,
    day: localDaySql(placedAt(plan), plan.query.timezone),
    readValue,
    sum: (metric) => {
      const value = sql`toInt128(${sumColumn(metric)})`;
      return isSplit(metric) ? sql`sum(${value})` : sql`sum(${value} * weight)`;
    },
    things: { buyers, repeat_buyers: buyers },
  };
}

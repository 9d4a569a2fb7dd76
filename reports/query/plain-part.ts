import { sql } from 'kysely';
import { typed } from '../../warehouse/dialect/typed-value.ts';
import type { Dimension } from '../registry/dimension.ts';
import type { Sql } from '../registry/fact.ts';
import type { SumMetric } from '../registry/metric.ts';
import { hourSql, localDaySql, weekdaySql } from './calendar-sql.ts';
import { whereSql } from './filter-sql.ts';
import { campaignNames, grainValues, groupBy } from './grain.ts';
import type { Plan } from './plan.ts';
import { metricColumns, sumsOf } from './sum-columns.ts';

const nothing = sql`''`;

function plainSum(plan: Plan, metric: SumMetric): Sql {
  return sql`sum(toInt128(${metric.row(plan.context)}))`;
}

/** Visits of the period, by the day they started. */
export function visitsPart(plan: Plan): Sql {
  const { timezone, include_bots } = plan.query;
  const day = localDaySql(sql`v.started_at`, timezone);
  const readValue = (dimension: Dimension): Sql => {
    if (dimension.time === 'weekday') return weekdaySql(day);
    return dimension.time === 'hour' ? hourSql(sql`v.started_at`, timezone) : (dimension.own.visits ?? nothing);
  };
  const columns = metricColumns(plan, {
    sum: (metric) => (metric.fact === 'visits' ? plainSum(plan, metric) : undefined),
    state: (column) => (column === 'state_visitors' ? sql`uniqExactState(v.visitor_id)` : undefined),
  });
  return sql`SELECT ${sql.join([...grainValues(plan, day, readValue), ...columns])}
FROM visits AS v FINAL ${campaignNames(plan, 'v')}
WHERE v.project = ${plan.project.name} AND v.is_deleted = 0
  AND v.started_at >= ${plan.start} AND v.started_at < ${plan.end}
  AND ${include_bots ? sql`1` : sql`NOT v.is_bot`} AND ${whereSql(plan.where, readValue)}
${groupBy(plan)}`;
}

/** Costs of the period, by the day of the spend; never by anything that a path says. */
export function costsPart(plan: Plan): Sql {
  const day = sql`c.date`;
  const readValue = (dimension: Dimension): Sql =>
    dimension.time === 'weekday' ? weekdaySql(day) : (dimension.own.costs ?? nothing);
  const columns = metricColumns(plan, {
    sum: (metric) => (metric.fact === 'costs' ? plainSum(plan, metric) : undefined),
    state: () => undefined,
  });
  const something = sumsOf(plan, 'costs').map((metric) => sql`(${metric.row(plan.context)}) != 0`);
  return sql`SELECT ${sql.join([...grainValues(plan, day, readValue), ...columns])}
FROM costs AS c FINAL ${campaignNames(plan, 'c')}
WHERE c.project = ${plan.project.name} AND c.is_deleted = 0
  AND c.date >= ${typed(plan.query.from, 'Date')} AND c.date <= ${typed(plan.query.to, 'Date')}
  AND (${sql.join(something, sql` OR `)}) AND ${whereSql(plan.where, readValue)}
${groupBy(plan)}`;
}

import { sql } from 'kysely';
import { typed } from '../../warehouse/dialect/typed-value.ts';
import type { Dimension } from '../registry/dimension.ts';
import type { CreditedFact, Fact, Sql } from '../registry/fact.ts';
import type { SumMetric } from '../registry/metric.ts';
import { hourSql, localDaySql, weekdaySql } from './calendar-sql.ts';
import { buyerOf, factSource } from './fact-rows.ts';
import { whereSql } from './filter-sql.ts';
import { campaignNames } from './grain.ts';
import type { Part } from './part.ts';
import type { Plan } from './plan.ts';
import { asksFor, sumsOf, weightScale } from './sums.ts';

const nothing = sql`''`;

const plainSum =
  (plan: Plan) =>
  (metric: SumMetric): Sql =>
    sql`sum(toInt128(${metric.row(plan.context)}))`;

/** Rows that tell something: a row of the report is there because of them. Without dimensions every bucket is there anyway. */
function something(plan: Plan, fact: Fact, things: readonly Sql[] = []): Sql {
  if (plan.dimensions.length === 0) return sql`1`;
  const sums = sumsOf(plan, fact).map((metric) => sql`(${metric.row(plan.context)}) != 0`);
  return sql`(${sql.join([...sums, ...things], sql` OR `)})`;
}

/** Visits of the period, by the day they started. */
function visitsPart(plan: Plan): Part {
  const { timezone, include_bots } = plan.query;
  const day = localDaySql(sql`v.started_at`, timezone);
  const readValue = (dimension: Dimension): Sql => {
    if (dimension.time === 'weekday') return weekdaySql(day);
    return dimension.time === 'hour' ? hourSql(sql`v.started_at`, timezone) : (dimension.own.visits ?? nothing);
  };
  return {
    rows: sql`FROM visits AS v FINAL ${campaignNames(plan, 'v')}
WHERE v.project = ${plan.project.name} AND v.is_deleted = 0
  AND v.started_at >= ${plan.start} AND v.started_at < ${plan.end}
  AND ${include_bots ? sql`1` : sql`NOT v.is_bot`} AND ${whereSql(plan.where, readValue)}`,
    day,
    readValue,
    sum: plainSum(plan),
    things: { visitors: sql`uniqExactState(v.visitor_id)` },
  };
}

/** What people did who refused, by its own day. */
function anonymousPart(plan: Plan): Part {
  const { timezone, include_bots } = plan.query;
  const day = localDaySql(sql`a.happened_at`, timezone);
  const readValue = (dimension: Dimension): Sql => {
    if (dimension.time === 'weekday') return weekdaySql(day);
    return dimension.time === 'hour' ? hourSql(sql`a.happened_at`, timezone) : (dimension.own.anonymous ?? nothing);
  };
  return {
    rows: sql`FROM anonymous_hits AS a FINAL
WHERE a.project = ${plan.project.name} AND a.is_deleted = 0
  AND a.happened_at >= ${plan.start} AND a.happened_at < ${plan.end}
  AND ${include_bots ? sql`1` : sql`NOT a.is_bot`} AND ${something(plan, 'anonymous')} AND ${whereSql(plan.where, readValue)}`,
    day,
    readValue,
    sum: plainSum(plan),
    things: {},
  };
}

/** Costs of the period, by the day of the spend; never by anything that a path says. */
function costsPart(plan: Plan): Part {
  const day = sql`c.date`;
  const readValue = (dimension: Dimension): Sql =>
    dimension.time === 'weekday' ? weekdaySql(day) : (dimension.own.costs ?? nothing);
  return {
    rows: sql`FROM costs AS c FINAL ${campaignNames(plan, 'c')}
WHERE c.project = ${plan.project.name} AND c.is_deleted = 0
  AND c.date >= ${typed(plan.query.from, 'Date')} AND c.date <= ${typed(plan.query.to, 'Date')}
  AND ${something(plan, 'costs')} AND ${whereSql(plan.where, readValue)}`,
    day,
    readValue,
    sum: plainSum(plan),
    things: {},
  };
}

/** Requests, deals, payments or a cohort where nothing asks for their touches: every row counts whole. */
function wholePart(plan: Plan, fact: CreditedFact): Part {
  const { timezone } = plan.query;
  const { from, where, at } = factSource(fact, plan);
  const day = localDaySql(at, timezone);
  const readValue = (dimension: Dimension): Sql => {
    if (dimension.time === 'weekday') return weekdaySql(day);
    return dimension.time === 'hour' ? hourSql(at, timezone) : (dimension.own[fact] ?? nothing);
  };
  const weighs = (metric: SumMetric): Sql => (metric.measure === 'money' ? sql`` : sql.raw(` * ${weightScale}`));
  const buys = asksFor(plan, 'buyers', 'repeat_buyers') ? [sql`d.is_sale`] : [];
  const buyers = sql`groupUniqArrayIf(${buyerOf}, d.is_sale)`;
  return {
    rows: sql`FROM ${from}
WHERE ${where} AND ${at} >= ${plan.start} AND ${at} < ${plan.end}
  AND ${something(plan, fact, buys)} AND ${whereSql(plan.where, readValue)}`,
    day,
    readValue,
    sum: (metric) => sql`${plainSum(plan)(metric)}${weighs(metric)}`,
    things: { buyers, repeat_buyers: buyers },
  };
}

/** One fact by itself, without credit. */
export function plainPart(plan: Plan, fact: Fact): Part {
  if (fact === 'visits') return visitsPart(plan);
  if (fact === 'anonymous') return anonymousPart(plan);
  return fact === 'costs' ? costsPart(plan) : wholePart(plan, fact);
}

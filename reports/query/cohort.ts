import { sql } from 'kysely';
import type { Sql } from '../registry/fact.ts';
import { micros } from '../registry/metrics/micros.ts';
import type { Plan } from './plan.ts';

const upToHorizon = (instant: Sql, plan: Plan): Sql =>
  sql`${instant} <= d.first_sale_at + toIntervalDay(${plan.query.horizon_days})`;

const sales = (plan: Plan): Sql =>
  sql`(SELECT * FROM deals FINAL WHERE project = ${plan.project.name} AND is_deleted = 0 AND is_sale) AS d`;

function paymentsUpToHorizon(plan: Plan): Sql {
  return sql`SELECT d.first_sale_path AS path, ${micros('p.amount_base')} AS revenue, toInt64(0) AS cost
  FROM payments AS p FINAL INNER JOIN ${sales(plan)} ON d.deal_key = p.deal_key
  WHERE p.project = ${plan.project.name} AND p.is_deleted = 0 AND ${upToHorizon(sql`p.paid_at`, plan)}`;
}

/** What the sales themselves carry: each cost by itself, and the amount where that is the revenue. */
function salesUpToHorizon(plan: Plan): readonly Sql[] {
  const none = sql`toInt64(0)`;
  const values = [
    { revenue: none, cost: micros('d.cogs_base') },
    { revenue: none, cost: micros('d.delivery_base') },
    ...(plan.project.moneySource === 'deals' ? [{ revenue: micros('d.amount_base'), cost: none }] : []),
  ];
  return values.map(
    ({ revenue, cost }) => sql`SELECT d.first_sale_path AS path, ${revenue} AS revenue, ${cost} AS cost
  FROM ${sales(plan)} WHERE ${upToHorizon(sql`d.sale_at`, plan)}`,
  );
}

/**
 * Revenue and costs (millionths) of each person up to the horizon, by the path of their first sale: a row per movement, because
 * each is split over the path by itself, as it is everywhere else. All of it is of sales: an order given back whole is none, and neither its
 * payment nor its refund nor its cost counts, on whichever side of the horizon they lie. Nothing of a sale is too early.
 */
export function cohortMoney(plan: Plan): Sql {
  const parts = [
    ...salesUpToHorizon(plan),
    ...(plan.project.moneySource === 'payments' ? [paymentsUpToHorizon(plan)] : []),
  ];
  return sql`(
  ${sql.join(parts, sql`\n  UNION ALL\n  `)}
)`;
}

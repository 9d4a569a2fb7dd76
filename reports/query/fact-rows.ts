import { sql } from 'kysely';
import type { Dimension } from '../registry/dimension.ts';
import type { CreditedFact, Sql } from '../registry/fact.ts';
import { isCredited } from '../registry/fact.ts';
import type { BaseMetric } from '../registry/metric.ts';
import { cohortMoney } from './cohort.ts';
import type { Plan } from './plan.ts';
import { touchedPaths } from './reached-paths.ts';
import { asksFor, isSum, sumsOf } from './sums.ts';

/** Deals that count: the newest version, and not a second record of an order that another deal leads. */
const countedDeals = (plan: Plan): Sql =>
  sql`(SELECT * FROM deals FINAL WHERE project = ${plan.project.name} AND is_deleted = 0 AND same_as = '')`;

/** Dimensions that rows of facts carry themselves; the others come from the touch or from the instant. */
export const ownDimensions = (plan: Plan): readonly Dimension[] =>
  [...plan.dimensions, ...plan.filterDimensions].filter(
    (dimension) => dimension.touch === undefined && dimension.time === undefined,
  );

export const ownColumn = (index: number): string => `own_${index}`;

/** The column of a metric, the same in the rows of every credited fact. */
export const sumColumn = (metric: BaseMetric): Sql => sql.ref(`sum_${metric.name}`);

/** Where the rows of a fact are, which path each has, and the instant that places it in the period. */
export interface FactSource {
  readonly path: Sql;
  readonly at: Sql;
  readonly from: Sql;
  readonly where: Sql;
}

interface Instant {
  readonly at: Sql;
  /** Rows that have it. */
  readonly where: Sql;
}

const always = sql`1`;

/** By touch, a row without a touch in the window falls back on the conversion. */
function dealInstant({ query, project }: Plan): Instant {
  if (query.date_basis === 'deal') return { at: sql`d.created_at`, where: always };
  if (query.date_basis !== 'payment') return { at: sql`d.lead_at`, where: always };
  const column = project.moneySource === 'payments' ? sql`d.first_paid_at` : sql`d.sale_at`;
  return { at: sql`assumeNotNull(${column})`, where: sql`isNotNull(${column})` };
}

/** A movement has a date of its own, which is also the only date of one whose deal is not known. */
function paymentInstant({ query }: Plan): Sql {
  if (query.date_basis === 'payment') return sql`p.paid_at`;
  return query.date_basis === 'deal' ? sql`p.deal_at` : sql`p.lead_at`;
}

/** The deal of a request or a payment is read only when a dimension asks for it. */
function dealIfAsked(fact: 'leads' | 'payments', key: Sql, plan: Plan): Sql {
  const asked = ownDimensions(plan).some(({ throughDeal = [] }) => throughDeal.includes(fact));
  return asked ? sql`LEFT ANY JOIN ${countedDeals(plan)} AS d ON d.deal_key = ${key}` : sql``;
}

const dealPath = sql`concat('deal:', d.deal_key)`;

export function factSource(fact: CreditedFact, plan: Plan): FactSource {
  const project = plan.project.name;
  const deal = dealInstant(plan);
  switch (fact) {
    case 'leads':
      return {
        path: sql`l.path_id`,
        at: sql`l.created_at`,
        from: sql`leads AS l FINAL ${dealIfAsked('leads', sql`l.deal_key`, plan)}`,
        where: sql`l.project = ${project} AND l.is_deleted = 0`,
      };
    case 'deals':
      return {
        path: dealPath,
        at: deal.at,
        from: sql`deals AS d FINAL`,
        where: sql`d.project = ${project} AND d.is_deleted = 0 AND d.same_as = '' AND ${deal.where}`,
      };
    case 'payments':
      return {
        path: sql`if(p.deal_key = '', '', concat('deal:', p.deal_key))`,
        at: paymentInstant(plan),
        from: sql`payments AS p FINAL ${dealIfAsked('payments', sql`p.deal_key`, plan)}`,
        where: sql`p.project = ${project} AND p.is_deleted = 0 AND p.deal_group != 'excluded'`,
      };
    case 'cohort':
      return {
        path: dealPath,
        at: deal.at,
        from: sql`${countedDeals(plan)} AS d INNER JOIN ${cohortMoney(plan)} AS h ON h.path = concat('deal:', d.deal_key)`,
        where: sql`d.is_sale AND d.sale_no = 1 AND ${deal.where}`,
      };
  }
}

/** Client and deal of a sale; a deal without a person is a person of its own. */
export const buyerOf = sql`(if(d.client_id = '', d.deal_key, d.client_id), d.deal_key)`;

export const asksBuyers = (plan: Plan): boolean => asksFor(plan, 'buyers', 'repeat_buyers');

/** Rows of the period. By touch, a path belongs to it when any of its touches does; the exact test comes after the credit. */
function inPeriod(plan: Plan): Sql {
  const own = sql`(at >= ${plan.start} AND at < ${plan.end})`;
  if (plan.query.date_basis !== 'touch') return own;
  return sql`(${own} OR path_id IN (
  ${touchedPaths(plan)}
))`;
}

function rowColumns(fact: CreditedFact, plan: Plan): readonly Sql[] {
  const own = ownDimensions(plan).map(
    (dimension, index) => sql`toString(${dimension.own[fact] ?? sql`''`}) AS ${sql.ref(ownColumn(index))}`,
  );
  const sums = plan.base
    .filter(isSum)
    .map((metric) =>
      metric.fact === fact
        ? sql`toInt64(${metric.row(plan.context)}) AS ${sumColumn(metric)}`
        : sql`toInt64(0) AS ${sumColumn(metric)}`,
    );
  return [...own, ...sums, ...(asksBuyers(plan) ? [buyerColumn(fact)] : [])];
}

function buyerColumn(fact: CreditedFact): Sql {
  return fact === 'deals' ? sql`if(d.is_sale, ${buyerOf}, ('', '')) AS buyer` : sql`('', '') AS buyer`;
}

function oneFact(fact: CreditedFact, plan: Plan): Sql {
  const source = factSource(fact, plan);
  const counts = sumsOf(plan, fact).map((metric) => sql`${sumColumn(metric)} != 0`);
  const buyers = asksBuyers(plan) && fact === 'deals' ? [sql`d.is_sale`] : [];
  return sql`SELECT ${sql.join([sql`${source.path} AS path_id`, sql`${source.at} AS at`, ...rowColumns(fact, plan)])}
FROM ${source.from}
WHERE ${source.where} AND ${inPeriod(plan)} AND (${sql.join([...counts, ...buyers], sql` OR `)})`;
}

/**
 * Rows of the credited facts, one under the other: path, instant, own dimensions, one whole number per sum (0 when it belongs to another
 * fact). They are never joined with each other.
 */
export function factRows(plan: Plan): Sql {
  const credited = plan.facts.filter(isCredited);
  return sql.join(
    credited.map((fact) => oneFact(fact, plan)),
    sql`\nUNION ALL\n`,
  );
}

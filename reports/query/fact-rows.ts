import { sql } from 'kysely';
import type { Dimension } from '../registry/dimension.ts';
import type { CreditedFact, DateBasis, Sql } from '../registry/fact.ts';
import { isCredited } from '../registry/fact.ts';
import { cohortMoney } from './cohort.ts';
import type { Plan } from './plan.ts';
import { touchedPaths } from './reached-paths.ts';
import { columnOf, hasState, isSum, sumsOf } from './sum-columns.ts';

/** Deals that count: the newest version, and not a second record of an order that another deal leads. */
export const countedDeals = (plan: Plan): Sql =>
  sql`(SELECT * FROM deals FINAL WHERE project = ${plan.project.name} AND is_deleted = 0 AND same_as = '')`;

/** Dimensions that rows of facts carry themselves; the others come from the touch or from the instant. */
export const ownDimensions = (plan: Plan): readonly Dimension[] =>
  [...plan.dimensions, ...plan.filterDimensions].filter(
    (dimension) => dimension.touch === undefined && dimension.time === undefined,
  );

export const ownColumn = (index: number): string => `own_${index}`;

/** The instant that places a deal in the period; without a touch in the window, basis touch falls back on the conversion. */
function dealInstant(basis: DateBasis, plan: Plan): Sql {
  if (basis === 'deal') return sql`toNullable(d.created_at)`;
  if (basis !== 'payment') return sql`toNullable(d.lead_at)`;
  return plan.project.moneySource === 'payments' ? sql`d.first_paid_at` : sql`d.sale_at`;
}

/** A movement has a date of its own, which is also the only date of one whose deal is not known. */
function paymentInstant(basis: DateBasis): Sql {
  if (basis === 'payment') return sql`toNullable(p.paid_at)`;
  const ofDeal = basis === 'deal' ? sql`d.created_at` : sql`d.lead_at`;
  return sql`toNullable(if(d.deal_key = '', p.paid_at, ${ofDeal}))`;
}

const dealPath = sql`if(d.deal_key = '', '', concat('deal:', d.deal_key))`;

interface FactSource {
  readonly path: Sql;
  readonly at: Sql;
  readonly from: Sql;
  readonly where: Sql;
}

function sourceOf(fact: CreditedFact, plan: Plan): FactSource {
  const basis = plan.query.date_basis;
  const project = plan.project.name;
  switch (fact) {
    case 'leads':
      return {
        path: sql`l.path_id`,
        at: sql`toNullable(l.created_at)`,
        from: sql`leads AS l FINAL ${leadDeals(plan)}`,
        where: sql`l.project = ${project} AND l.is_deleted = 0`,
      };
    case 'deals':
      return {
        path: dealPath,
        at: dealInstant(basis, plan),
        from: sql`deals AS d FINAL`,
        where: sql`d.project = ${project} AND d.is_deleted = 0 AND d.same_as = ''`,
      };
    case 'payments':
      return {
        path: dealPath,
        at: paymentInstant(basis),
        from: sql`payments AS p FINAL LEFT ANY JOIN ${countedDeals(plan)} AS d ON d.deal_key = p.deal_key`,
        where: sql`p.project = ${project} AND p.is_deleted = 0 AND d.status_group != 'excluded'`,
      };
    case 'cohort':
      return {
        path: dealPath,
        at: dealInstant(basis, plan),
        from: sql`${countedDeals(plan)} AS d INNER JOIN ${cohortMoney(plan)} AS h ON h.path = concat('deal:', d.deal_key)`,
        where: sql`d.is_sale AND d.sale_no = 1`,
      };
  }
}

/** The deal of a request is read only when a dimension asks for it. */
function leadDeals(plan: Plan): Sql {
  const asksDeal = ownDimensions(plan).some(({ name, own }) => own.leads !== undefined && !leadColumns.includes(name));
  return asksDeal ? sql`LEFT ANY JOIN ${countedDeals(plan)} AS d ON d.deal_key = l.deal_key` : sql``;
}

const leadColumns: readonly string[] = ['form_id', 'request_page'];

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
    .filter((metric) => isCredited(metric.fact))
    .map((metric) => {
      const value = metric.fact === fact ? sql`toInt128(${metric.row(plan.context)})` : sql`toInt128(0)`;
      return sql`${value} AS ${columnOf(metric)}`;
    });
  return [...own, ...sums, ...(asksBuyers(plan) ? [buyerColumn(fact)] : [])];
}

export const asksBuyers = (plan: Plan): boolean => hasState(plan, 'buyers') || hasState(plan, 'repeat_buyers');

/** Client and deal of a sale; a deal without a person is a person of its own. */
function buyerColumn(fact: CreditedFact): Sql {
  const pair = sql`if(d.is_sale, (if(d.client_id = '', d.deal_key, d.client_id), d.deal_key), ('', ''))`;
  return sql`${fact === 'deals' ? pair : sql`('', '')`} AS buyer`;
}

function oneFact(fact: CreditedFact, plan: Plan): Sql {
  const source = sourceOf(fact, plan);
  const counts = sumsOf(plan, fact).map((metric) => sql`${columnOf(metric)} != 0`);
  const buyers = asksBuyers(plan) && fact === 'deals' ? [sql`buyer.2 != ''`] : [];
  return sql`SELECT ${sql.join([sql`${source.path} AS path_id`, sql`${source.at} AS placed`, sql`ifNull(placed, toDateTime64(0, 3, 'UTC')) AS at`, ...rowColumns(fact, plan)])}
FROM ${source.from}
WHERE ${source.where} AND isNotNull(placed) AND ${inPeriod(plan)} AND (${sql.join([...counts, ...buyers], sql` OR `)})`;
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

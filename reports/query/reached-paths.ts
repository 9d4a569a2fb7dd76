import { sql } from 'kysely';
import { type CreditedFact, isCredited, type Sql } from '../registry/fact.ts';
import type { Plan } from './plan.ts';

interface PathSource {
  readonly table: 'leads' | 'deals' | 'payments';
  /** Column with the instant that places rows of the fact in the period. */
  readonly instant: string;
}

function sourceOf(fact: CreditedFact, plan: Plan): PathSource {
  if (fact === 'leads') return { table: 'leads', instant: 'created_at' };
  if (plan.query.date_basis === 'deal') return { table: 'deals', instant: 'created_at' };
  if (plan.query.date_basis !== 'payment') return { table: 'deals', instant: 'lead_at' };
  if (fact === 'payments') return { table: 'payments', instant: 'paid_at' };
  return { table: 'deals', instant: plan.project.moneySource === 'payments' ? 'first_paid_at' : 'sale_at' };
}

function selectPaths({ table, instant }: PathSource, plan: Plan): Sql {
  const path = table === 'leads' ? sql`path_id` : sql`concat('deal:', deal_key)`;
  const at = sql.ref(instant);
  return sql`SELECT ${path} AS path_id FROM ${sql.ref(table)}
  WHERE project = ${plan.project.name} AND ${at} >= ${plan.start} AND ${at} < ${plan.end}`;
}

/** Paths with a touch in the period. */
export const touchedPaths = (plan: Plan): Sql => sql`SELECT path_id FROM deal_touches
  WHERE project = ${plan.project.name} AND touched_at >= ${plan.start} AND touched_at < ${plan.end}`;

/**
 * Paths that rows of the credited facts may have: at least all of them. More do no harm, so old versions of rows are not told from new
 * ones, and the query stays short.
 */
export function reachedPaths(plan: Plan): Sql {
  const sources = plan.facts.filter(isCredited).map((fact) => sourceOf(fact, plan));
  const different = [...new Map(sources.map((source) => [`${source.table} ${source.instant}`, source])).values()];
  const selects = different.map((source) => selectPaths(source, plan));
  const touched = plan.query.date_basis === 'touch' ? [touchedPaths(plan)] : [];
  return sql.join([...selects, ...touched], sql`\n  UNION ALL\n  `);
}

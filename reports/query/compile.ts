import { type CompiledQuery, sql } from 'kysely';
import { compileOnly } from '../../warehouse/dialect/compile-only.ts';
import type { Database } from '../../warehouse/tables/index.ts';
import { type Fact, isCredited, type Sql } from '../registry/fact.ts';
import { creditedPart } from './credited-part.ts';
import { grainColumns } from './grain.ts';
import { costsPart, visitsPart } from './plain-part.ts';
import type { Plan } from './plan.ts';
import { totalSql } from './sum-columns.ts';

/** A row as SQL answers it: the bucket, the dimensions (`''` for none) and every base metric as digits. */
export type SumRow = Readonly<Record<string, string>> & { readonly level: 'row' | 'total' };

/** More rows than this, before paging, are refused. */
export const maxGroups = 250_000;

const builder = compileOnly<Database>();

/** The plan of some of the facts: what one query of the report computes. */
function planOf(plan: Plan, facts: readonly Fact[]): Plan {
  return { ...plan, facts, base: plan.base.filter((metric) => facts.includes(metric.fact)) };
}

/** Facts by the query that reads them. Credited facts that share the touches of their paths are read together. */
function factGroups(plan: Plan): readonly (readonly Fact[])[] {
  if (!plan.needsCredit) return plan.facts.map((fact) => [fact]);
  const credited = plan.facts.filter(isCredited);
  const alone = plan.facts.filter((fact) => !isCredited(fact)).map((fact) => [fact]);
  return credited.length === 0 ? alone : [credited, ...alone];
}

function partSql(plan: Plan): Sql {
  if (plan.facts.some(isCredited)) return creditedPart(plan);
  return plan.facts.includes('visits') ? visitsPart(plan) : costsPart(plan);
}

function compilePart(plan: Plan): CompiledQuery<SumRow> {
  const grain = grainColumns(plan);
  const metrics = plan.base.map(totalSql);
  const [first] = grain;
  const level = first === undefined ? sql`'total'` : sql`if(grouping(${first}) = 1, 'total', 'row')`;
  const groups = first === undefined ? sql`` : sql`GROUP BY GROUPING SETS ((${sql.join(grain)}), ())`;
  return sql<SumRow>`SELECT ${sql.join([sql`${level} AS level`, ...grain, ...metrics])}
FROM (
${partSql(plan)}
)
${groups}
LIMIT ${maxGroups + 2}`.compile(builder);
}

/**
 * The queries of a report, to be run side by side and merged: every fact summed to the grain by itself, with the totals in the same pass.
 * None when no fact can answer.
 */
export function compileReport(plan: Plan): readonly CompiledQuery<SumRow>[] {
  return factGroups(plan).map((facts) => compilePart(planOf(plan, facts)));
}

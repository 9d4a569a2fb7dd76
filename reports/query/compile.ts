import { type CompiledQuery, sql } from 'kysely';
import { compileOnly } from '../../warehouse/dialect/compile-only.ts';
import type { Database } from '../../warehouse/tables/index.ts';
import { isCredited, type Sql } from '../registry/fact.ts';
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

function parts(plan: Plan): readonly Sql[] {
  return [
    ...(plan.facts.includes('visits') ? [visitsPart(plan)] : []),
    ...(plan.facts.includes('costs') ? [costsPart(plan)] : []),
    ...(plan.facts.some(isCredited) ? [creditedPart(plan)] : []),
  ];
}

/**
 * The one query of a report: every fact summed to the grain by itself, the parts under each other, summed again, with the totals in the same
 * pass. Undefined when no fact can answer.
 */
export function compileReport(plan: Plan): CompiledQuery<SumRow> | undefined {
  const united = parts(plan);
  if (united.length === 0) return undefined;
  const grain = grainColumns(plan);
  const metrics = plan.base.map(totalSql);
  const [first] = grain;
  const level = first === undefined ? sql`'total'` : sql`if(grouping(${first}) = 1, 'total', 'row')`;
  const groups = first === undefined ? sql`` : sql`GROUP BY GROUPING SETS ((${sql.join(grain)}), ())`;
  return sql<SumRow>`SELECT ${sql.join([sql`${level} AS level`, ...grain, ...metrics])}
FROM (
${sql.join(united, sql`\nUNION ALL\n`)}
)
${groups}
LIMIT ${maxGroups + 2}`.compile(builder);
}

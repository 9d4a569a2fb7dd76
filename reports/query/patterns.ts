import { sql } from 'kysely';
import { compileOnly, runCompiled } from '../../warehouse/dialect/compile-only.ts';
import { typed } from '../../warehouse/dialect/typed-value.ts';
import type { Database } from '../../warehouse/tables/index.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { WarehouseError } from '../../warehouse/warehouse-error.ts';
import type { Filter, Query } from '../contract.ts';
import type { FieldError } from './problem.ts';

function patternsIn(filter: Filter, path: string): readonly { path: string; pattern: string }[] {
  if ('or' in filter) return filter.or.flatMap((member, index) => patternsIn(member, `${path}.or.${index}`));
  if ('and' in filter) return filter.and.flatMap((member, index) => patternsIn(member, `${path}.and.${index}`));
  return filter.op === 'matches' ? [{ path: `${path}.value`, pattern: String(filter.value) }] : [];
}

/** ClickHouse's error number; any other failure says nothing about the pattern. */
const cannotCompileRegexp = 427;

async function compiles(warehouse: Pick<Warehouse, 'query'>, pattern: string): Promise<boolean> {
  try {
    await runCompiled(warehouse, sql`SELECT match('', ${typed(pattern, 'String')})`.compile(compileOnly<Database>()));
    return true;
  } catch (error) {
    if (error instanceof WarehouseError && error.code === cannotCompileRegexp) return false;
    throw error;
  }
}

/** Each is tried by the database by itself. */
const maxPatterns = 20;

/** The first pattern of `matches` that is not one. RE2 is the judge: what it takes differs from JavaScript's RegExp. */
export async function badPattern(warehouse: Pick<Warehouse, 'query'>, query: Query): Promise<FieldError | undefined> {
  const patterns = query.filters.flatMap((filter, index) => patternsIn(filter, `filters.${index}`));
  const tooMany = patterns[maxPatterns];
  if (tooMany !== undefined) return { path: tooMany.path, message: `a report takes at most ${maxPatterns} patterns` };
  const verdicts = await Promise.all(patterns.map(({ pattern }) => compiles(warehouse, pattern)));
  const bad = patterns[verdicts.indexOf(false)];
  if (bad === undefined) return undefined;
  const message = 'is not a regular expression of RE2; see https://github.com/google/re2/wiki/Syntax';
  return { path: bad.path, message };
}

import type { CompiledQuery } from 'kysely';
import type { Clock } from '../../domain/time.ts';
import { runCompiled } from '../../warehouse/dialect/compile-only.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import type { Report } from '../contract.ts';
import type { Text } from '../registry/unit.ts';
import { compileReport } from './compile.ts';
import { readCursor } from './cursor.ts';
import { doubtfulSalesWarnings } from './doubtful-sales.ts';
import { explainReport } from './explain.ts';
import { readFreshness } from './freshness.ts';
import { knownCostShare } from './known-cost.ts';
import { maxGroups } from './limits.ts';
import { type Exact, toNumber } from './measure.ts';
import { mergeSums, type Sums } from './merge-sums.ts';
import { notesQuery } from './notes.ts';
import { parseReport } from './parse.ts';
import { badPattern } from './patterns.ts';
import { type Plan, planReport } from './plan.ts';
import { type Outcome, refused } from './problem.ts';
import type { ReportProject } from './project.ts';
import { refusedViewsWarnings } from './refused-views.ts';
import { shapeReport } from './shape.ts';
import { type Unpriced, unpricedQuery, unpricedWarnings, withoutUnpriced } from './unpriced.ts';
import { leftoverWarnings, planWarnings, readLeftovers } from './warnings.ts';

export interface ReportDeps {
  readonly warehouse: Pick<Warehouse, 'query'>;
  readonly project: ReportProject;
  readonly clock: Clock;
}

/** Every partition key of the marts is a function of the sorting key, so versions of a row never lie in two partitions. */
const settings = {
  do_not_merge_across_partitions_select_final: 1,
  // A report that would take the machine's memory fails by itself instead of taking the server with it.
  max_memory_usage: 3_000_000_000,
  join_use_nulls: 0,
} as const;

const timeoutMs = 120_000;

function run<Row>(deps: ReportDeps, compiled: CompiledQuery<Row> | undefined): Promise<readonly Row[]> {
  return compiled === undefined ? Promise.resolve([]) : runCompiled(deps.warehouse, compiled, { settings, timeoutMs });
}

function assemble(plan: Plan, sums: Sums, offset: number): Outcome<Omit<Report, 'meta'>> {
  const shaped = shapeReport(plan, sums, offset);
  if (shaped !== undefined) return { ok: true, value: { query: plan.query, ...shaped } };
  const message = `the report would have more than ${maxGroups} rows; shorten the period, coarsen the granularity, name fewer dimensions or add filters`;
  return refused({ path: 'dimensions', message });
}

const ratio = (share: Exact | null): number | null => share && toNumber(share, 'ratio');

export interface RunOptions {
  /** Adds formulas and SQL to the answer's meta. */
  readonly explain?: boolean;
  /** Of the warnings; English when it is not said. */
  readonly language?: keyof Text;
}

/**
 * Answers a report request (the body of POST /api/v1/report). Errors of the asker come back as a list of fields; throws WarehouseError
 * when the database fails.
 */
export async function runReport(deps: ReportDeps, input: unknown, options: RunOptions = {}): Promise<Outcome<Report>> {
  const startedAt = deps.clock.now();
  const parsed = parseReport(input, deps.project);
  if (!parsed.ok) return parsed;
  const pattern = await badPattern(deps.warehouse, parsed.value);
  if (pattern !== undefined) return refused(pattern);
  const plan = planReport(parsed.value, deps.project, new Date(startedAt));
  const compiled = compileReport(plan);
  const [sums, notes] = await Promise.all([
    Promise.all(compiled.map((query) => run(deps, query))).then(mergeSums),
    run(deps, notesQuery(plan)),
  ]);
  const fresh = readFreshness(notes);
  const unpriced = fresh.lacksRates ? await run<Unpriced>(deps, unpricedQuery(plan)) : [];
  const answer = assemble(plan, sums, readCursor(plan.query) ?? 0);
  if (!answer.ok) return answer;
  const warnings = [
    ...fresh.warnings,
    ...leftoverWarnings(plan, withoutUnpriced(readLeftovers(notes), unpriced)),
    ...unpricedWarnings(plan, unpriced),
    ...doubtfulSalesWarnings(plan, notes),
    ...refusedViewsWarnings(notes),
    ...planWarnings(plan, sums.total),
  ];
  const share = knownCostShare(plan, sums.total);
  const meta = {
    data_as_of: fresh.dataAsOf,
    money_source: deps.project.moneySource,
    ...(share === undefined ? {} : { known_cost_share: ratio(share) }),
    warnings: warnings.map((text) => text[options.language ?? 'en']),
    elapsed_ms: deps.clock.now() - startedAt,
    ...(options.explain === true ? { explain: explainReport(plan, compiled) } : {}),
  };
  return { ok: true, value: { ...answer.value, meta } };
}

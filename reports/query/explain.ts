import type { CompiledQuery } from 'kysely';
import { metricByName } from '../registry/metrics.ts';
import type { Plan } from './plan.ts';

/** The formulas of the metrics asked for, and the queries with their parameters as places, not values. */
export function explainReport(plan: Plan, compiled: readonly CompiledQuery[]) {
  return {
    formulas: Object.fromEntries(plan.query.metrics.map((name) => [name, metricByName(name).formula])),
    sql: compiled.map(({ sql }) => sql).join(';\n\n'),
  };
}

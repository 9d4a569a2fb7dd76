import type { CompiledQuery } from 'kysely';
import { metricByName } from '../registry/metrics.ts';
import type { Plan } from './plan.ts';

/** The formulas of the metrics asked for, and the query with its parameters as places, not values. */
export function explainReport(plan: Plan, compiled: CompiledQuery | undefined) {
  return {
    formulas: Object.fromEntries(plan.query.metrics.map((name) => [name, metricByName(name).formula])),
    sql: compiled?.sql ?? '',
  };
}

import { baseMetricsOf } from '../registry/metrics.ts';
import type { Exact } from './measure.ts';
import type { SumRow } from './part.ts';
import type { Plan } from './plan.ts';

/**
 * The share of the report's revenue whose cost of goods is known, 0 to 1. Undefined when no metric asked for needs the cost, null without
 * revenue. Refunds of other periods may leave more revenue with a cost than there is revenue: all of it is known then.
 */
export function knownCostShare({ query, project }: Plan, total: SumRow): Exact | null | undefined {
  const needsCost = baseMetricsOf(query.metrics, project.moneySource).some(({ name }) => name === 'cogs');
  if (!needsCost) return undefined;
  const read = (name: string) => BigInt(total[name] ?? 0);
  const fromPayments = project.moneySource === 'payments';
  const revenue = fromPayments ? read('paid') - read('refunded') : read('deal_amount');
  const known = fromPayments ? read('revenue_with_cost') : read('amount_with_cost');
  if (revenue <= 0n) return null;
  const inside = known < 0n ? 0n : known;
  return { of: inside < revenue ? inside : revenue, per: revenue };
}

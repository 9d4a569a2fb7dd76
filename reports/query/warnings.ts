import { sql } from 'kysely';
import { compileOnly } from '../../warehouse/dialect/compile-only.ts';
import type { Database } from '../../warehouse/tables/index.ts';
import type { Fact } from '../registry/fact.ts';
import { micros } from '../registry/metrics/micros.ts';
import { baseMetricsOf } from '../registry/metrics.ts';
import type { SumRow } from './compile.ts';
import { countedDeals } from './fact-rows.ts';
import { toNumber } from './measure.ts';
import { missingDimensions, type Plan } from './plan.ts';

const builder = compileOnly<Database>();

const factWords: Readonly<Record<Fact, string>> = {
  visits: 'visits',
  costs: 'ad costs',
  leads: 'requests',
  deals: 'deals',
  payments: 'payments',
  cohort: 'clients of a cohort',
};

/** Metrics of the report that need a fact. */
function metricsOfFact(plan: Plan, fact: Fact): readonly string[] {
  return plan.query.metrics.filter((name) =>
    baseMetricsOf([name], plan.project.moneySource).some((base) => base.fact === fact),
  );
}

function missingWarnings(plan: Plan): readonly string[] {
  return plan.facts.flatMap((fact) => {
    const missing = missingDimensions(plan, fact).map((dimension) => dimension.name);
    const metrics = metricsOfFact(plan, fact);
    if (missing.length === 0 || metrics.length === 0) return [];
    const have = missing.join(', ');
    return [
      `${factWords[fact]} have no ${have}: ${metrics.join(', ')} cannot be split by it; what they count stands in the row without a value and in the totals`,
    ];
  });
}

function unanswerableWarnings(plan: Plan): readonly string[] {
  return plan.unanswerable.flatMap((fact) => {
    const metrics = metricsOfFact(plan, fact);
    if (metrics.length === 0) return [];
    return [
      `${factWords[fact]} do not have what the filters ask for: ${metrics.join(', ')} cannot be known here and are empty`,
    ];
  });
}

/** The share of revenue whose cost is known, when a metric of the report uses costs of goods. */
function costWarnings(plan: Plan, total: SumRow | undefined): readonly string[] {
  const asked = baseMetricsOf(plan.query.metrics, plan.project.moneySource).some(({ name }) => name === 'cogs');
  if (!asked || total === undefined) return [];
  const read = (name: string) => BigInt(total[name] ?? 0);
  const fromPayments = plan.project.moneySource === 'payments';
  const revenue = fromPayments ? read('paid') - read('refunded') : read('deal_amount');
  const known = fromPayments ? read('revenue_with_cost') : read('amount_with_cost');
  if (revenue <= 0n || known >= revenue) return [];
  const percent = toNumber({ of: known * 100n, per: revenue }, 'money').toFixed(1);
  return [`the cost of goods is known for ${percent} % of revenue; the rest counts as 0, so profit is overstated`];
}

/** Notes that follow from the question and its sums alone. */
export function planWarnings(plan: Plan, total: SumRow | undefined): readonly string[] {
  return [...missingWarnings(plan), ...unanswerableWarnings(plan), ...costWarnings(plan, total)];
}

export interface Leftover {
  readonly number: string;
  readonly sum: string;
  readonly why: 'unknown' | 'excluded';
}

/**
 * Asks for the movements of the period that sales do not explain: those that name no deal we know, and those of excluded deals. Undefined
 * when the report does not use payments.
 */
export function leftoverPaymentsQuery(plan: Plan) {
  if (!plan.facts.includes('payments')) return undefined;
  return sql<Leftover>`SELECT toString(count()) AS number, toString(sum(${micros('p.amount_base')})) AS sum,
  if(d.deal_key = '', 'unknown', 'excluded') AS why
FROM payments AS p FINAL LEFT ANY JOIN ${countedDeals(plan)} AS d ON d.deal_key = p.deal_key
WHERE p.project = ${plan.project.name} AND p.is_deleted = 0 AND p.paid_at >= ${plan.start} AND p.paid_at < ${plan.end}
  AND (d.deal_key = '' OR d.status_group = 'excluded')
GROUP BY why ORDER BY why`.compile(builder);
}

export function leftoverWarnings(plan: Plan, leftovers: readonly Leftover[]): readonly string[] {
  return leftovers.map(({ number, sum, why }) => {
    const amount = toNumber({ of: BigInt(sum), per: 1_000_000n }, 'money').toFixed(2);
    const what = `${number} payments of the period (${amount} ${plan.project.currency})`;
    return why === 'unknown'
      ? `${what} name no deal we know: they count in revenue under "No visit", and not in sales`
      : `${what} belong to excluded deals: they are left out`;
  });
}

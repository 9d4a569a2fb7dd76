import { sql } from 'kysely';
import { compileOnly } from '../../warehouse/dialect/compile-only.ts';
import type { Database } from '../../warehouse/tables/index.ts';
import { micros } from '../registry/metrics/micros.ts';
import type { Text } from '../registry/unit.ts';
import { toNumber } from './measure.ts';
import type { Plan } from './plan.ts';
import type { Leftover } from './warnings.ts';

export interface Unpriced {
  /** `deal`: payments whose deal has no rate; `payment`: payments that have none themselves. */
  readonly what: 'deal' | 'payment';
  readonly number: string;
  /** Millionths of the project's currency; 0 for payments without a rate. */
  readonly sum: string;
  /** `USD 2026-03-05, …`: rates that are missing. */
  readonly rates: string;
}

/**
 * Asks for the payments of the period that a missing currency rate keeps from their sale or out of the sums. What waits for a rate is
 * marked deleted in the staged tables and named in `rejected`. Undefined when the report does not use payments.
 */
export function unpricedPaymentsQuery(plan: Plan) {
  if (!plan.facts.includes('payments')) return undefined;
  const project = plan.project.name;
  const refused = (entity: string) =>
    sql`SELECT place FROM rejected WHERE project = ${project} AND reason = 'no_rate' AND entity = ${entity}`;
  const rates = sql`arrayStringConcat(arraySort(groupUniqArray(missing)), ', ') AS rates`;
  return sql<Unpriced>`SELECT * FROM (
WITH
  waiting AS (
    SELECT deal_key, order_id, concat(currency, ' ', toString(toDate(created_at))) AS missing
    FROM staged_deals WHERE project = ${project} AND is_deleted = 1 AND deal_key IN (${refused('deal')})
  ),
  theirs AS (
    SELECT s.payment_key AS payment_key, w.missing AS missing FROM staged_payments AS s INNER JOIN waiting AS w ON w.deal_key = s.deal_ref_key WHERE s.project = ${project}
    UNION ALL
    SELECT s.payment_key AS payment_key, w.missing AS missing FROM staged_payments AS s INNER JOIN waiting AS w ON w.order_id = s.order_id
    WHERE s.project = ${project} AND s.order_id != ''
  )
SELECT 'deal' AS what, toString(count()) AS number, toString(sum(${micros('amount_base')})) AS sum, ${rates}
FROM payments AS p FINAL INNER JOIN (SELECT payment_key, any(missing) AS missing FROM theirs GROUP BY payment_key) AS t ON t.payment_key = p.payment_key
WHERE p.project = ${project} AND p.is_deleted = 0 AND p.paid_at >= ${plan.start} AND p.paid_at < ${plan.end} AND p.deal_key = ''
HAVING count() > 0
UNION ALL
SELECT 'payment' AS what, toString(uniqExact(payment_key)) AS number, '0' AS sum, ${rates}
FROM (
  SELECT payment_key, concat(currency, ' ', toString(toDate(paid_at))) AS missing FROM staged_payments
  WHERE project = ${project} AND is_deleted = 1 AND paid_at >= ${plan.start} AND paid_at < ${plan.end} AND payment_key IN (${refused('payment')})
)
HAVING count() > 0
) ORDER BY what`.compile(compileOnly<Database>());
}

/** What is left of the payments without a sale when those that wait for a rate are told by themselves. */
export function withoutUnpriced(leftovers: readonly Leftover[], unpriced: readonly Unpriced[]): readonly Leftover[] {
  const told = unpriced.find(({ what }) => what === 'deal');
  if (told === undefined) return leftovers;
  return leftovers.flatMap((leftover) => {
    if (leftover.why !== 'unknown') return [leftover];
    const number = BigInt(leftover.number) - BigInt(told.number);
    const sum = BigInt(leftover.sum) - BigInt(told.sum);
    return number > 0n ? [{ ...leftover, number: String(number), sum: String(sum) }] : [];
  });
}

const shownRates = 5;

function shown(rates: string): string {
  const all = rates.split(', ');
  return all.length <= shownRates ? rates : `${all.slice(0, shownRates).join(', ')}, …`;
}

export function unpricedWarnings(plan: Plan, unpriced: readonly Unpriced[]): readonly Text[] {
  return unpriced.map(({ what, number, sum: micro, rates }) => {
    const sum = `${toNumber({ of: BigInt(micro), per: 1_000_000n }, 'money').toFixed(2)} ${plan.project.currency}`;
    return what === 'deal'
      ? {
          en: `payments of deals without a currency rate (${number}, ${sum}; no rate: ${shown(rates)}) count in revenue under "No visit", and not in sales; load the rates: throughline import rates`,
          ru: `платежи сделок без курса валюты (${number}, ${sum}; нет курса: ${shown(rates)}): они входят в выручку строки «No visit», но не в продажи; загрузите курсы: throughline import rates`,
        }
      : {
          en: `payments in a currency without a rate (${number}; no rate: ${shown(rates)}) are left out; load the rates: throughline import rates`,
          ru: `платежи в валюте без курса (${number}; нет курса: ${shown(rates)}) не учтены; загрузите курсы: throughline import rates`,
        };
  });
}

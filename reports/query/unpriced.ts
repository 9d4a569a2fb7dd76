import { sql } from 'kysely';
import { compileOnly } from '../../warehouse/dialect/compile-only.ts';
import type { Database } from '../../warehouse/tables/index.ts';
import type { Fact, Sql } from '../registry/fact.ts';
import { micros } from '../registry/metrics/micros.ts';
import type { Text } from '../registry/unit.ts';
import { toNumber } from './measure.ts';
import type { Plan } from './plan.ts';
import type { Leftover } from './warnings.ts';

export interface Unpriced {
  /** What waits for a rate, or for the rate of its deal. */
  readonly what: 'deal' | 'cost' | 'payment' | 'payment of a deal';
  readonly number: string;
  /** Millionths of the project's currency; 0 for what has no rate itself. */
  readonly sum: string;
  /** `USD 2026-03-05, …`: rates that are missing. */
  readonly rates: string;
}

/** The currency and the day of what waits → the rates that are missing. */
const missing = (plan: Plan, instant: string): Sql =>
  sql`concat(currency, ' ', toString(toDate(${sql.raw(instant)}, ${plan.project.timezone})))`;
const rates = sql`arrayStringConcat(arraySort(groupUniqArray(missing)), ', ') AS rates`;
const refused = (plan: Plan, entity: string): Sql =>
  sql`SELECT place FROM rejected WHERE project = ${plan.project.name} AND reason = 'no_rate' AND entity = ${entity}`;

/** What waits is marked deleted in its staged table, where FINAL would leave it out: the newest row of each is asked for by itself. */
const waiting = (plan: Plan, entity: 'deal' | 'payment', columns: Sql): Sql => {
  const [table, key] = [sql.raw(`staged_${entity}s`), sql.raw(`${entity}_key`)];
  return sql`SELECT ${columns} FROM (
    SELECT * FROM ${table} WHERE project = ${plan.project.name} AND ${key} IN (${refused(plan, entity)}) ORDER BY run_no DESC LIMIT 1 BY ${key}
  ) WHERE is_deleted = 1`;
};
const within = (plan: Plan, instant: string): Sql =>
  sql`${sql.raw(instant)} >= ${plan.start} AND ${sql.raw(instant)} < ${plan.end}`;

/** Deals of the period without a rate. */
const unpricedDeals = (plan: Plan): Sql => sql`SELECT 'deal' AS what, toString(count()) AS number, '0' AS sum, ${rates}
FROM (
  ${waiting(plan, 'deal', sql`${missing(plan, 'created_at')} AS missing`)} AND ${within(plan, 'created_at')}
)
HAVING count() > 0`;

/** Costs of the period without a rate: named in `rejected`, and in no row of the mart. */
const unpricedCosts = (plan: Plan): Sql => sql`SELECT 'cost' AS what, toString(count()) AS number, '0' AS sum, ${rates}
FROM (
  SELECT concat(source, ':', record_id) AS cost_key, argMax((record, deleted), (version_at, fetched_at, record_version)) AS newest,
    JSONExtractString(newest.1, 'date') AS day, concat(JSONExtractString(newest.1, 'currency'), ' ', day) AS missing
  FROM raw_records
  WHERE project = ${plan.project.name} AND entity = 'cost' AND concat(source, ':', record_id) IN (${refused(plan, 'cost')})
  GROUP BY source, record_id
)
WHERE NOT newest.2 AND greatest(day, JSONExtractString(newest.1, 'to_date')) >= ${plan.query.from} AND day <= ${plan.query.to}
  AND cost_key NOT IN (SELECT substring(cost_key, 1, length(cost_key) - 11) FROM costs FINAL WHERE project = ${plan.project.name} AND is_deleted = 0)
HAVING count() > 0`;

/** Payments of the period whose deal has no rate. */
const paymentsOfUnpricedDeals = (
  plan: Plan,
): Sql => sql`SELECT 'payment of a deal' AS what, toString(count()) AS number, toString(sum(toInt128(${micros('amount_base')}))) AS sum, ${rates}
FROM payments AS p FINAL INNER JOIN (
  WITH waiting AS (
    ${waiting(plan, 'deal', sql`deal_key, order_id, ${missing(plan, 'created_at')} AS missing`)}
  )
  SELECT payment_key, any(missing) AS missing FROM (
    SELECT s.payment_key AS payment_key, w.missing AS missing FROM staged_payments AS s FINAL INNER JOIN waiting AS w ON w.deal_key = s.deal_ref_key
    WHERE s.project = ${plan.project.name}
    UNION ALL
    SELECT s.payment_key AS payment_key, w.missing AS missing FROM staged_payments AS s FINAL INNER JOIN waiting AS w ON w.order_id = s.order_id
    WHERE s.project = ${plan.project.name} AND s.order_id != ''
  ) GROUP BY payment_key
) AS t ON t.payment_key = p.payment_key
WHERE p.project = ${plan.project.name} AND p.is_deleted = 0 AND ${within(plan, 'p.paid_at')} AND p.deal_key = ''
HAVING count() > 0`;

/** Payments of the period without a rate themselves. */
const unpricedPayments = (
  plan: Plan,
): Sql => sql`SELECT 'payment' AS what, toString(count()) AS number, '0' AS sum, ${rates}
FROM (
  ${waiting(plan, 'payment', sql`${missing(plan, 'paid_at')} AS missing`)} AND ${within(plan, 'paid_at')}
)
HAVING count() > 0`;

const queries: Readonly<Record<Fact, readonly ((plan: Plan) => Sql)[]>> = {
  visits: [],
  anonymous: [],
  costs: [unpricedCosts],
  leads: [],
  deals: [unpricedDeals],
  payments: [paymentsOfUnpricedDeals, unpricedPayments],
  cohort: [],
};

/** Asks for what a missing currency rate keeps out of the sums of the report. Undefined when no fact of it can wait for one. */
export function unpricedQuery(plan: Plan) {
  const asked = plan.facts.flatMap((fact) => queries[fact]).map((ask) => ask(plan));
  if (asked.length === 0) return undefined;
  return sql<Unpriced>`SELECT * FROM (
${sql.join(asked, sql`\nUNION ALL\n`)}
) ORDER BY what`.compile(compileOnly<Database>());
}

/** What is left of the payments without a sale when those that wait for a rate are told by themselves. */
export function withoutUnpriced(leftovers: readonly Leftover[], unpriced: readonly Unpriced[]): readonly Leftover[] {
  const told = unpriced.find(({ what }) => what === 'payment of a deal');
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

const nouns: Readonly<Record<Exclude<Unpriced['what'], 'payment of a deal'>, Text>> = {
  deal: { en: 'deals', ru: 'сделки' },
  cost: { en: 'ad costs', ru: 'расходы на рекламу' },
  payment: { en: 'payments', ru: 'платежи' },
};

const cure: Text = { en: 'load the rates: throughline import rates', ru: 'загрузите курсы: throughline import rates' };

function warningOf(plan: Plan, { what, number, sum: micro, rates: all }: Unpriced): Text {
  if (what !== 'payment of a deal') {
    return {
      en: `${nouns[what].en} in a currency without a rate (${number}; no rate: ${shown(all)}) are left out; ${cure.en}`,
      ru: `${nouns[what].ru} в валюте без курса (${number}; нет курса: ${shown(all)}) не учтены; ${cure.ru}`,
    };
  }
  const sum = `${toNumber({ of: BigInt(micro), per: 1_000_000n }, 'money').toFixed(2)} ${plan.project.currency}`;
  return {
    en: `payments of deals without a currency rate (${number}, ${sum}; no rate: ${shown(all)}) count in revenue under "No visit", and not in sales; ${cure.en}`,
    ru: `платежи сделок без курса валюты (${number}, ${sum}; нет курса: ${shown(all)}): они входят в выручку строки «No visit», но не в продажи; ${cure.ru}`,
  };
}

export const unpricedWarnings = (plan: Plan, unpriced: readonly Unpriced[]): readonly Text[] =>
  unpriced.map((one) => warningOf(plan, one));

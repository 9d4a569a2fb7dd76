import { sql } from 'kysely';
import type { Sql } from '../registry/fact.ts';
import { baseMetricsOf } from '../registry/metrics.ts';
import type { Text } from '../registry/unit.ts';
import type { NoteRow } from './notes.ts';
import type { Plan } from './plan.ts';

/** Base metrics that count what was earned, by where the project takes its money from. */
const earned = { payments: ['paid', 'refunded'], deals: ['deal_amount', 'sales'] } as const;
const countsEarned = ({ query, project: { moneySource } }: Plan): boolean =>
  baseMetricsOf(query.metrics, moneySource).some(({ name }) => earned[moneySource].some((base) => base === name));

/**
 * Asks for the won deals of the period whose money the other source of money tells differently: without a payment where revenue is
 * taken from payments, paid and wholly given back where it is taken from deals. Nothing when the report tells no money.
 */
export function doubtfulSalesSql(plan: Plan): readonly Sql[] {
  if (!countsEarned(plan)) return [];
  const isDoubtful =
    plan.project.moneySource === 'payments'
      ? sql`first_paid_at IS NULL`
      : sql`first_paid_at IS NOT NULL AND paid_net <= 0`;
  return [
    sql`SELECT 'doubtful_sales', '', '', countIf(${isDoubtful}), toDateTime64(0, 3, 'UTC'), '', toString(count())
FROM deals FINAL
WHERE project = ${plan.project.name} AND is_deleted = 0 AND same_as = '' AND status_group = 'won'
  AND ifNull(closed_at, created_at) >= ${plan.start} AND ifNull(closed_at, created_at) < ${plan.end}`,
  ];
}

/** Some won deals always wait for their money; when most do, it does not reach us or does not find them. */
export function doubtfulSalesWarnings({ project }: Plan, notes: readonly NoteRow[]): readonly Text[] {
  const found = notes.find(({ kind, number }) => kind === 'doubtful_sales' && number !== '0');
  if (found === undefined) return [];
  const { number, detail: won } = found;
  if (project.moneySource === 'deals')
    return [
      {
        en: `won deals whose payments were given back wholly (${number} of ${won}) count as sales, because revenue is taken from deals (money_source)`,
        ru: `выигранные сделки, оплата которых возвращена целиком (${number} из ${won}), считаются продажами: выручка берётся из сделок (money_source)`,
      },
    ];
  if (Number(number) * 2 < Number(won)) return [];
  return [
    {
      en: `won deals without a payment (${number} of ${won}) are in no revenue and no sales, because revenue is taken from payments (money_source)`,
      ru: `выигранные сделки без единой оплаты (${number} из ${won}) не входят ни в выручку, ни в продажи: выручка берётся из оплат (money_source)`,
    },
  ];
}

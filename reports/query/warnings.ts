import { sql } from 'kysely';
import type { Fact, Sql } from '../registry/fact.ts';
import { micros } from '../registry/metrics/micros.ts';
import { baseMetricsOf } from '../registry/metrics.ts';
import type { Text } from '../registry/unit.ts';
import { knownCostShare } from './known-cost.ts';
import { toNumber } from './measure.ts';
import type { NoteRow } from './notes.ts';
import type { SumRow } from './part.ts';
import { missingDimensions, type Plan } from './plan.ts';

const factWords: Readonly<Record<Fact, Text>> = {
  visits: { en: 'visits', ru: 'визиты' },
  anonymous: { en: 'events of people who refused', ru: 'действия отказавшихся от учёта' },
  costs: { en: 'ad costs', ru: 'расходы на рекламу' },
  leads: { en: 'requests', ru: 'заявки' },
  deals: { en: 'deals', ru: 'сделки' },
  payments: { en: 'payments', ru: 'оплаты' },
  cohort: { en: 'clients of a cohort', ru: 'клиенты когорты' },
};

/** Metrics of the report that need a fact. */
function metricsOfFact(plan: Plan, fact: Fact): readonly string[] {
  return plan.query.metrics.filter((name) =>
    baseMetricsOf([name], plan.project.moneySource).some((base) => base.fact === fact),
  );
}

function missingWarnings(plan: Plan): readonly Text[] {
  return plan.facts.flatMap((fact) => {
    const missing = missingDimensions(plan, fact).map((dimension) => dimension.name);
    const metrics = metricsOfFact(plan, fact);
    if (missing.length === 0 || metrics.length === 0) return [];
    const have = missing.join(', ');
    const names = metrics.join(', ');
    return [
      {
        en: `${factWords[fact].en} have no ${have}: ${names} cannot be split by it; what they count stands in the row without a value and in the totals`,
        ru: `у данных «${factWords[fact].ru}» нет ${have}: ${names} по нему не разделить; всё это стоит в строке без значения и в итогах`,
      },
    ];
  });
}

function unanswerableWarnings(plan: Plan): readonly Text[] {
  return plan.unanswerable.flatMap((fact) => {
    const metrics = metricsOfFact(plan, fact);
    if (metrics.length === 0) return [];
    const names = metrics.join(', ');
    return [
      {
        en: `${factWords[fact].en} do not have what the filters ask for: ${names} cannot be known here and are empty`,
        ru: `у данных «${factWords[fact].ru}» нет того, о чём спрашивают фильтры: ${names} здесь неизвестны и пусты`,
      },
    ];
  });
}

function costWarnings(plan: Plan, total: SumRow): readonly Text[] {
  const share = knownCostShare(plan, total);
  if (!share || share.of === share.per) return [];
  const percent = toNumber({ of: share.of * 100n, per: share.per }, 'money').toFixed(1);
  return [
    {
      en: `the cost of goods is known for ${percent} % of revenue; the rest counts as 0, so profit is overstated`,
      ru: `себестоимость известна для ${percent} % выручки; остальное считается нулём, поэтому прибыль завышена`,
    },
  ];
}

/** Notes that follow from the question and its sums alone. */
export function planWarnings(plan: Plan, total: SumRow): readonly Text[] {
  return [...missingWarnings(plan), ...unanswerableWarnings(plan), ...costWarnings(plan, total)];
}

export interface Leftover {
  readonly number: string;
  /** Millionths of the project's currency. */
  readonly sum: string;
  readonly why: 'unknown' | 'excluded';
}

/**
 * Asks for the movements of the period that sales do not explain: those that name no deal we know, and those of excluded deals. Nothing
 * when the report does not use payments.
 */
export function leftoverPaymentsSql(plan: Plan): readonly Sql[] {
  if (!plan.facts.includes('payments')) return [];
  return [
    sql`SELECT 'leftover', if(deal_group = '', 'unknown', 'excluded') AS why, '', count(), toDateTime64(0, 3, 'UTC'), '', toString(sum(toInt128(${micros('amount_base')})))
FROM payments FINAL
WHERE project = ${plan.project.name} AND is_deleted = 0 AND paid_at >= ${plan.start} AND paid_at < ${plan.end}
  AND deal_group IN ('', 'excluded')
GROUP BY why`,
  ];
}

export function readLeftovers(notes: readonly NoteRow[]): readonly Leftover[] {
  const leftovers = notes
    .filter(({ kind }) => kind === 'leftover')
    .toSorted((one, other) => (one.source < other.source ? -1 : 1));
  return leftovers.map(({ source, number, detail }) => ({
    number,
    sum: detail,
    why: source === 'unknown' ? 'unknown' : 'excluded',
  }));
}

export function leftoverWarnings(plan: Plan, leftovers: readonly Leftover[]): readonly Text[] {
  return leftovers.map(({ number, sum: micro, why }) => {
    const amount = toNumber({ of: BigInt(micro), per: 1_000_000n }, 'money').toFixed(2);
    const sum = `${amount} ${plan.project.currency}`;
    return why === 'unknown'
      ? {
          en: `payments that name no deal we know (${number}, ${sum}) count in revenue under "No visit", and not in sales`,
          ru: `платежи без известной сделки (${number}, ${sum}): они входят в выручку строки «No visit», но не в продажи`,
        }
      : {
          en: `payments of excluded deals (${number}, ${sum}) are left out`,
          ru: `платежи исключённых сделок (${number}, ${sum}) не учтены`,
        };
  });
}

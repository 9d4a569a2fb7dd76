import { type Amount, readCurrency, readPrintedAmount } from '../../../domain/money.ts';
import { failed } from '../../../domain/result.ts';
import type { Mapped } from '../../source.ts';
import type { ExchangeReason } from './exchange-problem.ts';
import type { ExchangeMapContext } from './map-context.ts';
import { isUnreadableTime, readOnecTime } from './onec-time.ts';
import { type OrderDocument, requisite } from './order-document.ts';

/** A document that cannot be taken as what it was to be, with the place where a person finds it. */
export function badDocument(
  document: OrderDocument,
  context: ExchangeMapContext,
  entity: 'deal' | 'payment' | 'stage',
  detail: string,
): Extract<Mapped, { ok: false }> {
  const name = document.number ?? document.id ?? 'without number';
  const place = `${context.file}:${document.line}, document ${name}`;
  return { ...failed<ExchangeReason>('bad_document', place, detail), entity };
}

/** Which of day and time of day keeps a document from its place in time. */
export function badDay({ day, time }: OrderDocument, { timezone }: ExchangeMapContext): string {
  return day === undefined || readOnecTime(day, timezone) === undefined
    ? `Дата «${day ?? ''}» is not a date`
    : `Время «${time ?? ''}» is not a time of day`;
}

/** What is wrong with a date among the requisites; undefined when it is absent, empty or a date. */
export function badRequisiteDate(
  document: OrderDocument,
  { timezone }: ExchangeMapContext,
  title: string,
  ...names: readonly string[]
): string | undefined {
  const written = requisite(document, ...names);
  return isUnreadableTime(written, timezone) ? `«${title}» «${written}» is not a date` : undefined;
}

export interface Money {
  readonly amount: Amount;
  readonly currency: string;
}

/** Sum and currency of a document; a text says what is wrong. A currency that is not understood is never guessed. */
export function readMoney(sum: string, currency: string | undefined, context: ExchangeMapContext): Money | string {
  const amount = readPrintedAmount(sum);
  if (amount === undefined) return `Сумма «${sum}» is not an amount`;
  const code = currency === undefined ? context.currency : readCurrency(currency);
  return code === undefined
    ? `Валюта «${currency}» is not a currency; write its ISO code, such as RUB`
    : { amount, currency: code };
}

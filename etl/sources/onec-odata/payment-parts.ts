import { toMicros } from '../../../domain/micros.ts';
import { type Amount, amountFromMicros } from '../../../domain/money.ts';
import type { BreakdownLine, MoneyRow } from './document-row.ts';
import { orderDocuments } from './known-documents.ts';
import type { OnecLookups } from './lookups.ts';
import type { OnecOdataSettings } from './settings.ts';

/** Money of a document that belongs to one order. */
export interface PaymentPart {
  /** Empty when the document is not split; else the number of its line, or `rest`. */
  readonly name: string;
  readonly orderId: string | undefined;
  readonly amount: Amount;
}

/** What tells an order among the things that a payment may lead to. */
export interface LinkContext {
  readonly orderBySettlement: OnecLookups['orderBySettlement'];
  /** `Document_ЗаказКлиента`, … */
  readonly orderDocuments: readonly string[];
}

export const linkContext = (settings: OnecOdataSettings, lookups: OnecLookups): LinkContext => ({
  orderBySettlement: lookups.orderBySettlement,
  orderDocuments: orderDocuments(settings),
});

interface Links {
  readonly Заказ?: string | undefined;
  readonly Заказ_Type?: string | undefined;
  readonly Заказ_Key?: string | undefined;
  readonly ОбъектРасчетов_Key?: string | undefined;
  readonly СчетНаОплату_Key?: string | undefined;
}

/** Lines cannot pay more than the document received: then the data is wrong, and its sum alone is the money that moved. */
export const linesExceed = (row: MoneyRow, amount: Amount): boolean =>
  toMicros(amount) >= 0n && sumOf(row.РасшифровкаПлатежа.flatMap(amountOf)) > toMicros(amount);

/**
 * One part when the whole document pays one order (or none that we can see); else a part for each line. Whatever the
 * lines leave of the document's sum is a part of its own, so that the money received is always whole: it pays the order that
 * the header names, as a line without an order does. Lines that exceed the sum split nothing.
 */
export function paymentParts(row: MoneyRow, amount: Amount, context: LinkContext): PaymentPart[] {
  const ofHeader = linkedOrder(row, context) ?? baseOrder(row.ДокументОснование, row.ДокументОснование_Type, context);
  const lines = row.РасшифровкаПлатежа.flatMap((line) => linePart(line, ofHeader, context));
  const isTooMuch = linesExceed(row, amount);
  const rest = isTooMuch ? 0n : toMicros(amount) - sumOf(lines.map((line) => line.amount));
  const isWhole = rest === 0n && lines.length > 0;
  const parts = isWhole ? lines : [...lines, { name: 'rest', orderId: ofHeader, amount: amountFromMicros(rest) }];
  const [order, ...others] = new Set(parts.map(({ orderId }) => orderId));
  if (others.length === 0) return [{ name: '', orderId: order, amount }];
  return isTooMuch ? [{ name: '', orderId: undefined, amount }] : parts;
}

const sumOf = (amounts: readonly Amount[]): bigint => amounts.reduce((sum, amount) => sum + toMicros(amount), 0n);

const amountOf = (line: BreakdownLine): Amount[] => {
  const amount = line.Сумма ?? line.СуммаПлатежа;
  return amount === undefined ? [] : [amount];
};

function linePart(line: BreakdownLine, ofHeader: string | undefined, context: LinkContext): PaymentPart[] {
  const orderId =
    linkedOrder(line, context) ?? baseOrder(line.ОснованиеПлатежа, line.ОснованиеПлатежа_Type, context) ?? ofHeader;
  return amountOf(line).map((amount) => ({ name: line.LineNumber, orderId, amount }));
}

/** The link to the order has moved from release to release; whichever is filled counts. */
function linkedOrder(links: Links, context: LinkContext): string | undefined {
  return (
    baseOrder(links.Заказ, links.Заказ_Type, context) ??
    links.Заказ_Key ??
    context.orderBySettlement[links.ОбъектРасчетов_Key ?? ''] ??
    links.СчетНаОплату_Key
  );
}

/** A composite link may lead to a shipment or a contract as well: only an order is one. */
const baseOrder = (key: string | undefined, type: string | undefined, context: LinkContext): string | undefined =>
  context.orderDocuments.includes(type?.replace(/^StandardODATA\./, '') ?? '') ? key : undefined;

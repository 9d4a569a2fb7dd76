import { toMicros } from '../../../domain/micros.ts';
import { type Amount, negate } from '../../../domain/money.ts';
import { impliedPaymentId, type PaymentInput } from '../../../domain/record/index.ts';
import type { Mapped } from '../../source.ts';
import { isPatch, orderId, shopOrderNumber, versionOf } from './deal-record.ts';
import { badDay, badDocument, badRequisiteDate, type Money, readMoney } from './document-place.ts';
import type { ExchangeMapContext } from './map-context.ts';
import { readOnecDayAndTime, readOnecTime } from './onec-time.ts';
import { flag, isMoney, type OrderDocument, requisite } from './order-document.ts';
import { plainName, textOf } from './xml-node.ts';

const paidAtNames = ['датаоплаты', 'датаоплатыпо1с'] as const;

/** The order that a payment document belongs to: known whole, by its id alone, or not at all. */
export interface PaidOrder {
  readonly id: string | undefined;
  readonly document: OrderDocument | undefined;
  /** The payment stands within the order. */
  readonly holdsIt?: true;
}

/**
 * A payment or refund document. A refund is negative however its sum is signed. A document that is deleted, unposted or
 * not paid yet is a cancelled payment, so that it also takes back what an earlier file said.
 */
export function paymentDocumentRecord(document: OrderDocument, order: PaidOrder, context: ExchangeMapContext): Mapped {
  const paidAt = movementTime(document, context);
  if (paidAt === undefined)
    return badDocument(
      document,
      context,
      'payment',
      document.day === undefined ? 'the payment has no Дата' : badDay(document, context),
    );
  const money = movementMoney(document, order, context);
  if (typeof money === 'string') return badDocument(document, context, 'payment', money);
  const id = paymentId(document, order);
  if (id === undefined) return badDocument(document, context, 'payment', 'the payment has neither Ид nor Номер');
  const input: PaymentInput = {
    source: context.sourceId,
    id,
    ...orderKeys(order, context),
    paid_at: paidAt,
    ...signed(money, document),
    method: methodOf(document),
    ...(document.number === undefined ? {} : { document: document.number }),
    ...(order.holdsIt ? { part_of: document.id ?? id } : {}),
    ...(isNoFact(document) ? { cancelled: true } : {}),
  };
  return { ok: true, item: { entity: 'payment', input }, ...versionOf(context) };
}

/** A document that stands within several orders is a payment for each of them. */
export function paymentId(document: OrderDocument, order: PaidOrder): string | undefined {
  if (document.id === undefined)
    return document.number === undefined ? undefined : `${order.id ?? ''}:${document.number}:${document.day ?? ''}`;
  return order.holdsIt && order.id !== undefined ? `${document.id}:${order.id}` : document.id;
}

/** One that is taken back may come without a date: then it is so since its file. */
const movementTime = (document: OrderDocument, context: ExchangeMapContext): string | undefined =>
  readOnecTime(requisite(document, ...paidAtNames), context.timezone) ??
  dayOf(document, context) ??
  (isNoFact(document) ? context.generatedAt : undefined);

/** What is taken back counts for nothing, so its sum may be absent or unreadable; a text says what is wrong with another. */
function movementMoney(document: OrderDocument, order: PaidOrder, context: ExchangeMapContext): Money | string {
  const money =
    document.sum === undefined
      ? 'the payment has no Сумма'
      : readMoney(document.sum, document.currency ?? order.document?.currency, context);
  return typeof money === 'string' && isNoFact(document) ? { amount: '0', currency: context.currency } : money;
}

function orderKeys(order: PaidOrder, context: ExchangeMapContext): Partial<PaymentInput> {
  const number =
    order.document === undefined ? undefined : shopOrderNumber(order.document, context.settings.order_number);
  return {
    ...(order.id === undefined ? {} : { deal_id: order.id }),
    ...(number === undefined ? {} : { order_id: number }),
  };
}

const signed = (money: Money, document: OrderDocument): Money =>
  document.operation === 'refund' ? { ...money, amount: negate(absolute(money.amount)) } : money;

const absolute = (amount: Amount): Amount => (amount.startsWith('-') ? negate(amount) : amount);

/**
 * The money that a document tells of did not move: the document is deleted or unposted, or says so itself. «Отменен» says so of
 * a payment; of an order it is about the order, whose money was received until 1C says that it is not paid, or refunds it.
 */
function isNoFact(document: OrderDocument): boolean {
  if (flag(document, 'пометкаудаления') === true || flag(document, 'проведен') === false) return true;
  return document.operation === 'order'
    ? saysItIsPaid(document) === false
    : flag(document, 'отменен') === true || flag(document, 'оплачен') === false;
}

function methodOf(document: OrderDocument): string {
  const named = requisite(document, 'методоплаты', 'способоплаты');
  if (named !== undefined) return named.slice(0, 4096);
  const operation = plainName(textOf(document.node, 'ХозОперация') ?? '');
  if (operation === 'эквайринговаяоперация') return 'card';
  return operation.includes('безналичных') ? 'bank' : 'cash';
}

/** Whether a record is a payment that tells when its order was paid: a refund and one that did not take place do not. */
export const paysItsOrder = (mapped: Mapped): boolean =>
  mapped.ok &&
  mapped.item.entity === 'payment' &&
  mapped.item.input.cancelled !== true &&
  toMicros(mapped.item.input.amount ?? '0') > 0n;

/**
 * «Заказ оплачен» implies one payment of the whole order, which counts while no payment document names the order. Its id
 * is the order's, so a corrected date or document number mends it, and «Заказ оплачен = false» cancels it: told of the order
 * under another id of it, that takes back the payment as well. An answer of 1C without a sum gives it no amount: it is as large as
 * the order. Payments beside the order tell when it was paid, so that it need not say it itself.
 */
export function wholeOrderPayment(
  document: OrderDocument,
  hasPayments: boolean,
  context: ExchangeMapContext,
): Mapped[] {
  const id = orderId(document);
  if (saysItIsPaid(document) === undefined) return [];
  if (id === undefined)
    return isPatch(document)
      ? [badDocument(document, context, 'payment', 'a paid order without Ид needs Номер and Дата')]
      : [];
  const money =
    document.sum === undefined || isPatch(document) ? {} : readMoney(document.sum, document.currency, context);
  if (typeof money === 'string') return [];
  const isPaid = !isNoFact(document);
  const toldAt = readOnecTime(requisite(document, ...paidAtNames), context.timezone);
  if (isPaid && toldAt === undefined && hasPayments) return [];
  const paidAt = isPaid ? toldAt : (toldAt ?? dayOf(document, context) ?? context.generatedAt);
  if (paidAt === undefined)
    return [
      badDocument(
        document,
        context,
        'payment',
        isPaid
          ? (badRequisiteDate(document, context, 'Дата оплаты', ...paidAtNames) ??
              'the order is paid, but «Дата оплаты» is missing: its payment cannot be placed in time')
          : 'the order is not paid, but neither it nor the file says since when',
      ),
    ];
  return [wholeOrderRecord(document, { id, paidAt, money }, context)];
}

/** «Заказ оплачен»; undefined when the order does not say. */
export const saysItIsPaid = (document: OrderDocument): boolean | undefined => flag(document, 'заказоплачен');

const dayOf = (document: OrderDocument, context: ExchangeMapContext): string | undefined =>
  readOnecDayAndTime(document.day, document.time, context.timezone);

interface WholeOrder {
  readonly id: string;
  readonly paidAt: string;
  readonly money: Partial<Money>;
}

function wholeOrderRecord(
  document: OrderDocument,
  { id, paidAt, money }: WholeOrder,
  context: ExchangeMapContext,
): Mapped {
  const number = requisite(document, 'номерплатежногодокумента');
  const method = requisite(document, 'методоплаты', 'способоплаты');
  const input: PaymentInput = {
    source: context.sourceId,
    id: impliedPaymentId(id),
    ...orderKeys({ id, document }, context),
    paid_at: paidAt,
    ...money,
    ...(method === undefined ? {} : { method: method.slice(0, 4096) }),
    ...(number === undefined ? {} : { document: number.slice(0, 4096) }),
    implied: true,
    ...(isNoFact(document) ? { cancelled: true } : {}),
  };
  return { ok: true, item: { entity: 'payment', input }, ...versionOf(context) };
}

/** Payments of our company to others come in the same exchange when it trades both ways. */
export const isOwnExpense = (document: OrderDocument): boolean =>
  document.operation !== 'refund' && ['покупатель', 'плательщик'].includes(document.role);

export const isPaymentDocument = (document: OrderDocument): boolean => isMoney(document.operation);

import { impliedPaymentId } from '../../../domain/record/index.ts';
import type { Mapped } from '../../source.ts';
import { dealRecord, isPatch, orderId } from './deal-record.ts';
import { documentPayload } from './document-payload.ts';
import type { ExchangeMapContext } from './map-context.ts';
import { documentsOf, type OrderDocument } from './order-document.ts';
import {
  isOwnExpense,
  isPaymentDocument,
  type PaidOrder,
  paymentDocumentRecord,
  paymentId,
  paysItsOrder,
  saysItIsPaid,
  wholeOrderPayment,
} from './payment-records.ts';
import { stageRecords } from './stage-record.ts';
import type { XmlNode } from './xml-node.ts';

/** A record, or the reason why there is none, with what it was read from (contacts removed). */
export interface ExchangeRow {
  readonly mapped: Mapped;
  readonly payload: unknown;
}

export interface UnitRecords {
  readonly rows: readonly ExchangeRow[];
  readonly documents: number;
  /** Answers of 1C that change a status and hold neither sum nor goods. */
  readonly patches: number;
  /** Documents about something else: shipments, invoices, purchases from suppliers. */
  readonly skipped: number;
}

/** Records of one document or container. Pure: the same unit gives the same records in any file. */
export function unitRecords(unit: XmlNode, context: ExchangeMapContext): UnitRecords {
  const documents = documentsOf(unit);
  const wanted = documents.filter((document) => isWanted(document));
  const orders = wanted.filter((document) => document.operation === 'order');
  const payments = wanted.filter(isPaymentDocument).map((document) => {
    const order = orderOf(document, orders);
    return { order: order.document, ...row(paymentDocumentRecord(document, order, context), document) };
  });
  const rows = [
    ...orders.flatMap((order) => {
      const beside = payments.filter((payment) => payment.order === order);
      return orderRows(order, beside, context);
    }),
    ...payments.map(({ mapped, payload }) => ({ mapped, payload })),
  ];
  return {
    rows,
    documents: documents.length,
    patches: orders.filter(isPatch).length,
    skipped: documents.length - wanted.length,
  };
}

const isWanted = (document: OrderDocument): boolean => document.operation !== 'other' && !isOwnExpense(document);

const row = (mapped: Mapped, document: OrderDocument): ExchangeRow => ({
  mapped,
  payload: documentPayload(document.node),
});

/** By `Основание`; when that is empty, the one order of the container. */
function orderOf(payment: OrderDocument, orders: readonly OrderDocument[]): PaidOrder {
  const named = orders.find((order) => payment.basis !== undefined && orderId(order) === payment.basis);
  if (payment.basis !== undefined) return { id: payment.basis, document: named };
  const [only, ...others] = orders;
  return only === undefined || others.length > 0
    ? { id: undefined, document: undefined }
    : { id: orderId(only), document: only };
}

/** `beside`: payments of the order that stand beside it in its container. */
function orderRows(order: OrderDocument, beside: readonly ExchangeRow[], context: ExchangeMapContext): ExchangeRow[] {
  const attached = order.attached.filter((document) => isPaymentDocument(document) && !isOwnExpense(document));
  const paidOrder: PaidOrder = { id: orderId(order), document: order, holdsIt: true };
  const paymentIds = [
    ...attached.flatMap((document) => paymentId(document, paidOrder) ?? []),
    ...(paidOrder.id !== undefined && saysItIsPaid(order) ? [impliedPaymentId(paidOrder.id)] : []),
  ];
  const within = attached.map((document) => row(paymentDocumentRecord(document, paidOrder, context), document));
  const hasPayments = [...within, ...beside].some(({ mapped }) => paysItsOrder(mapped));
  const mapped = [
    ...(isPatch(order) ? [] : [dealRecord(order, paymentIds, context)]),
    ...stageRecords(order, context),
    ...wholeOrderPayment(order, hasPayments, context),
  ];
  return [...mapped.map((one) => row(one, order)), ...within];
}

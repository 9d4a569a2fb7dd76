import type { DealInput } from '../../../domain/record/index.ts';
import { readVisitCode } from '../../../domain/visit-code.ts';
import type { Mapped } from '../../source.ts';
import { badDay, badDocument, readMoney } from './document-place.ts';
import type { ExchangeMapContext } from './map-context.ts';
import { readOnecDayAndTime, readOnecTime } from './onec-time.ts';
import { orderClient } from './order-client.ts';
import { type OrderDocument, requisite } from './order-document.ts';
import { orderItems } from './order-items.ts';
import { type OrderStatus, orderStatus } from './order-status.ts';
import { plainName } from './xml-node.ts';

/** Id of an order in this exchange: `Ид`, or its number and day when a file gives none. */
export function orderId(document: OrderDocument): string | undefined {
  if (document.id !== undefined) return document.id;
  return document.number === undefined || document.day === undefined ? undefined : `${document.number}:${document.day}`;
}

const isGuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/**
 * The shop's own number of the order. An order born in 1C (its Ид is a guid) bears the number of 1C, which may be the
 * number of quite another order of the site: it is taken only when «Номер по 1С» shows that Номер is not that.
 */
export function shopOrderNumber(document: OrderDocument, setting: string | undefined): string | undefined {
  if (setting === 'number') return document.number;
  if (setting === 'id') return document.id;
  if (setting !== undefined) return requisite(document, plainName(setting));
  if (document.id === undefined || !isGuid(document.id)) return document.number;
  const numberIn1c = requisite(document, 'номерпо1с');
  return numberIn1c !== undefined && numberIn1c !== document.number ? document.number : undefined;
}

/**
 * An answer of 1C without sum and goods: it changes a status, it is no order. Taking it for one would set the order to
 * nothing, so it gives no deal.
 */
export const isPatch = (document: OrderDocument): boolean =>
  /^[0.,\s]*$/.test(document.sum ?? '') && !document.hasItems;

/**
 * An order as a deal, with the ids of the payments told within it. Discounts are in the sums already, whatever
 * «УчтеноВСумме» says, and are not subtracted again.
 */
export function dealRecord(
  document: OrderDocument,
  paymentIds: readonly string[],
  context: ExchangeMapContext,
): Mapped {
  const id = orderId(document);
  if (id === undefined) return badDocument(document, context, 'deal', 'an order without Ид needs Номер and Дата');
  const createdAt = readOnecDayAndTime(document.day, document.time, context.timezone);
  if (createdAt === undefined) return badDocument(document, context, 'deal', badDay(document, context));
  if (document.sum === undefined) return badDocument(document, context, 'deal', 'the order has goods but no Сумма');
  const money = readMoney(document.sum, document.currency, context);
  if (typeof money === 'string') return badDocument(document, context, 'deal', money);
  const status = orderStatus(document, context.settings.status_groups);
  const input: DealInput = {
    source: context.sourceId,
    id,
    role: 'accounting',
    created_at: createdAt,
    ...money,
    status: status.group,
    items: orderItems(document),
    ...(document.listsAttached && context.generatedAt !== undefined ? { lists_payments: [...paymentIds] } : {}),
    fields: fieldsOf(document),
    ...statusFields(status),
    ...optionalFields(document, status, context),
  };
  return { ok: true, item: { entity: 'deal', input }, ...versionOf(context) };
}

const statusFields = ({ code, name }: OrderStatus): Partial<DealInput> => ({
  ...(code === undefined && name === undefined ? {} : { stage: code ?? name, status_name: name ?? code }),
});

function optionalFields(document: OrderDocument, status: OrderStatus, context: ExchangeMapContext): Partial<DealInput> {
  const order_id = shopOrderNumber(document, context.settings.order_number);
  const client = orderClient(document, context.settings.shared_clients ?? []);
  const visitCode = readVisitCode(requisite(document, 'visit_code', 'кодвизита', 'номервизита') ?? '');
  const closedAt = status.group === 'won' || status.group === 'lost' ? closingTime(document, context) : undefined;
  return {
    ...(order_id === undefined ? {} : { order_id }),
    ...(client === undefined ? {} : { client }),
    ...(visitCode === undefined ? {} : { visit_code: visitCode }),
    ...(closedAt === undefined ? {} : { closed_at: closedAt }),
  };
}

const closingTime = (document: OrderDocument, context: ExchangeMapContext): string | undefined =>
  readOnecTime(requisite(document, 'датаизменениястатуса', 'датаотгрузки', 'датаотгрузкипо1с'), context.timezone);

const keptFields = ['Номер по 1С', 'Метод оплаты', 'Способ доставки', 'Сайт', 'Склад', 'Организация'] as const;

function fieldsOf(document: OrderDocument): Record<string, string> {
  const fields = keptFields.map((name) => [name, requisite(document, plainName(name))?.slice(0, 4096)] as const);
  return Object.fromEntries(fields.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** Files come late and out of turn: what they say is as new as the file itself. */
export const versionOf = (context: ExchangeMapContext): { versionAt?: string } =>
  context.generatedAt === undefined ? {} : { versionAt: context.generatedAt };

import { type Amount, negate } from '../../../domain/money.ts';
import type { PaymentInput } from '../../../domain/record/index.ts';
import { failed } from '../../../domain/result.ts';
import { type Instant, instantFromLocal } from '../../../domain/time.ts';
import type { Mapped } from '../../source.ts';
import { currencyOf } from './document-currency.ts';
import { type MoneyRow, moneyRow } from './document-row.ts';
import { documentsToRead, type KnownDocument } from './known-documents.ts';
import { badFacts, badRow, type OnecMapContext } from './order-record.ts';
import { linesExceed, linkContext, type PaymentPart, paymentParts } from './payment-parts.ts';

/**
 * A money document as payments, one for each order it pays. Refunds are negative. Deleted, unposted and not yet
 * confirmed by the bank are cancelled payments; a document that is not a buyer's money is none.
 */
export function paymentRecords(raw: unknown, context: OnecMapContext): Mapped[] {
  const parsed = moneyRow.safeParse(raw);
  if (!parsed.success) return [badRow(raw, parsed.error.issues[0])];
  const row = parsed.data;
  const document = documentsToRead(context.settings).find(({ name }) => name === row['odata.entity']);
  const zone = context.settings.timezone ?? context.timezone;
  const paidAt = instantFromLocal(paidLocally(row), zone);
  const currency = currencyOf(row, context);
  const { СуммаДокумента: amount } = row;
  if (document === undefined || paidAt === undefined || amount === undefined || currency === undefined)
    return [badFacts(row, { document, Date: paidAt, СуммаДокумента: amount, Валюта: currency })];
  const direction = directionOf(row, document);
  const parts = direction === 'none' ? [] : paymentParts(row, amount, linkContext(context.settings, context.lookups));
  const common = {
    currency,
    method: document.method,
    ...documentNumber(row),
    ...(isNoFact(row) ? { cancelled: true } : {}),
  };
  const records = parts.map((part) => {
    const amountOfPart = direction === 'out' ? asRefund(part.amount) : part.amount;
    return paymentRecord(row, { ...part, amount: amountOfPart }, paidAt, common, context);
  });
  return direction !== 'none' && linesExceed(row, amount) ? [...records, exceeded(row, amount)] : records;
}

const exceeded = (row: MoneyRow, amount: Amount): Mapped =>
  failed(
    'invalid_record',
    `${row['odata.entity']}.${row.Ref_Key}`,
    `the lines of РасшифровкаПлатежа add up to more than СуммаДокумента ${amount}: it is not split between orders`,
  );

function paymentRecord(
  row: MoneyRow,
  part: PaymentPart,
  paidAt: Instant,
  more: Partial<PaymentInput>,
  context: OnecMapContext,
): Mapped {
  const input: PaymentInput = {
    source: context.sourceId,
    id: part.name === '' ? row.Ref_Key : `${row.Ref_Key}:${part.name}`,
    ...(part.orderId === undefined ? {} : { deal_id: part.orderId }),
    paid_at: paidAt,
    amount: part.amount,
    ...more,
  };
  return { ok: true, item: { entity: 'payment', input } };
}

function directionOf(row: MoneyRow, { income, refunds }: KnownDocument): 'in' | 'out' | 'none' {
  const operation = row.ХозяйственнаяОперация ?? row.ВидОперации;
  // A release without the field has one kind of such documents only; money out cannot be told from other expenses then.
  if (operation === undefined || operation === '') return income.length > 0 ? 'in' : 'none';
  if (income.includes(operation)) return 'in';
  return refunds.includes(operation) ? 'out' : 'none';
}

const asRefund = (amount: Amount): Amount => (amount.startsWith('-') ? amount : negate(amount));

/** The day the bank moved the money, when it is not the day of the document. */
function paidLocally(row: MoneyRow): string {
  const atBank = row.ДатаПроведенияБанком ?? '';
  const isKnown = row.ПроведеноБанком === true && atBank !== '' && !atBank.startsWith('0001-');
  return isKnown && atBank.slice(0, 10) !== row.Date.slice(0, 10) ? atBank : row.Date;
}

const isNoFact = (row: MoneyRow): boolean => row.DeletionMark || !row.Posted || row.ПроведеноБанком === false;

const documentNumber = (row: MoneyRow): { document?: string } =>
  row.Number.trim() === '' ? {} : { document: row.Number.trim() };

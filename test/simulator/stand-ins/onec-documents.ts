import { createHash } from 'node:crypto';
import type { Deal, Payment, State } from '../model.ts';
import { moscowText } from '../moscow.ts';
import type { OdataRow } from './odata-filter.ts';
import {
  amountNumber,
  emptyGuid,
  goodsGuid,
  orderGuid,
  organisationGuid,
  partnerGuid,
  roubleGuid,
} from './onec-names.ts';

export type EntityName =
  | 'Document_ЗаказКлиента'
  | 'Document_ПоступлениеБезналичныхДенежныхСредств'
  | 'Document_ОперацияПоПлатежнойКарте'
  | 'Document_ПриходныйКассовыйОрдер'
  | 'Document_СписаниеБезналичныхДенежныхСредств'
  | 'Catalog_Валюты'
  | 'Catalog_Партнеры';

const moneyEntity = {
  bank: 'Document_ПоступлениеБезналичныхДенежныхСредств',
  card: 'Document_ОперацияПоПлатежнойКарте',
  cash: 'Document_ПриходныйКассовыйОрдер',
} as const;

const outgoing = 'Document_СписаниеБезналичныхДенежныхСредств';

/** All that the base shows over OData in a state, by entity. */
export function documentsOf(state: State): Record<EntityName, OdataRow[]> {
  const deals = [...state.deals.values()].filter((deal) => deal.home === 'odata' || deal.oneC === 'odata');
  const byOrder = new Map(deals.map((deal) => [deal.orderId, deal]));
  const documents: Record<EntityName, OdataRow[]> = {
    Document_ЗаказКлиента: deals.map((deal) => orderRow(deal, state)),
    Document_ПоступлениеБезналичныхДенежныхСредств: foreignIncome(state),
    Document_ОперацияПоПлатежнойКарте: [],
    Document_ПриходныйКассовыйОрдер: [],
    Document_СписаниеБезналичныхДенежныхСредств: foreignExpense(state),
    Catalog_Валюты: [
      { Ref_Key: roubleGuid, DataVersion: 'AAAAAQAAAAA=', DeletionMark: false, Code: '643', Description: 'RUB' },
    ],
    Catalog_Партнеры: deals.map((deal) => partnerRow(deal, state)),
  };
  const ours = [...state.payments.values()].filter((payment) => payment.route === 'odata');
  for (const lines of groupLines(ours)) {
    const [first] = lines;
    if (first) documents[first.amount < 0n ? outgoing : moneyEntity[first.kind]].push(moneyRow(lines, byOrder, state));
  }
  return documents;
}

function groupLines(payments: readonly Payment[]): Payment[][] {
  const groups = new Map<string, Payment[]>();
  for (const payment of payments) groups.set(payment.documentId, [...(groups.get(payment.documentId) ?? []), payment]);
  return [...groups.values()].map((lines) => lines.sort((a, b) => a.line - b.line));
}

/** Opaque and changed by every change of the document, as 1C's DataVersion is. */
const withVersion = (row: OdataRow): OdataRow => {
  const text = JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? String(value) : value));
  return { ...row, DataVersion: createHash('sha256').update(text).digest('base64').slice(0, 11).concat('=') };
};

const statusOf = { open: 'КОбеспечению', won: 'Закрыт', lost: 'Закрыт', excluded: 'Закрыт' } as const;

function orderRow(deal: Deal, state: State): OdataRow {
  const person = state.people.get(deal.personId);
  const partner = person ? partnerGuid(person) : emptyGuid;
  return withVersion({
    Ref_Key: orderGuid(deal),
    DeletionMark: false,
    Number: `ТД00-${deal.orderId.slice(2).padStart(6, '0')}`,
    Date: moscowText(deal.createdAt),
    Posted: true,
    ХозяйственнаяОперация: 'РеализацияКлиенту',
    Статус: statusOf[deal.group],
    Партнер_Key: partner,
    Контрагент_Key: partner,
    Организация_Key: organisationGuid,
    Валюта_Key: roubleGuid,
    СуммаДокумента: amountNumber(deal.amount),
    НомерПоДаннымКлиента: deal.orderId,
    Комментарий: '',
    Товары: deal.items.map((item, index) => ({
      LineNumber: String(index + 1),
      Номенклатура_Key: goodsGuid(item),
      Характеристика_Key: emptyGuid,
      Количество: item.quantity,
      Цена: amountNumber(item.price),
      Сумма: amountNumber(item.price * BigInt(item.quantity)),
      Отменено: false,
    })),
  });
}

function partnerRow(deal: Deal, state: State): OdataRow {
  const person = state.people.get(deal.personId);
  return withVersion({
    Ref_Key: person ? partnerGuid(person) : emptyGuid,
    DeletionMark: false,
    Description: person?.name ?? '',
  });
}

interface MoneyDocument {
  readonly id: string;
  readonly number: string;
  readonly at: number;
  readonly isPosted: boolean;
  readonly isDeleted: boolean;
  readonly operation: string;
  readonly total: bigint;
  readonly lines: readonly OdataRow[];
  readonly partner: string;
}

const moneyDocument = (made: MoneyDocument): OdataRow =>
  withVersion({
    Ref_Key: made.id,
    DeletionMark: made.isDeleted,
    Number: made.number,
    Date: moscowText(made.at),
    Posted: made.isPosted,
    ХозяйственнаяОперация: made.operation,
    СуммаДокумента: amountNumber(made.total),
    Валюта_Key: roubleGuid,
    Контрагент_Key: made.partner,
    Партнер_Key: made.partner,
    Организация_Key: organisationGuid,
    НазначениеПлатежа: '',
    РасшифровкаПлатежа: made.lines,
  });

const absolute = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

/** A payment or refund of a buyer: one line for each order that it pays. */
function moneyRow(lines: readonly Payment[], orders: ReadonlyMap<string, Deal>, state: State): OdataRow {
  const [first] = lines;
  if (!first) throw new Error('a money document without lines');
  const deal = orders.get(first.orderId);
  const person = deal ? state.people.get(deal.personId) : undefined;
  return moneyDocument({
    id: first.documentId,
    number: first.number,
    at: first.at,
    isPosted: first.isPosted,
    isDeleted: first.isDeleted,
    operation: first.amount < 0n ? 'ВозвратОплатыКлиенту' : 'ПоступлениеОплатыОтКлиента',
    total: lines.reduce((sum, line) => sum + absolute(line.amount), 0n),
    partner: person ? partnerGuid(person) : emptyGuid,
    lines: lines.map((line, index) => lineRow(line, index, orders.get(line.orderId))),
  });
}

const lineRow = (payment: Payment, index: number, deal: Deal | undefined): OdataRow => ({
  Ref_Key: payment.documentId,
  LineNumber: String(index + 1),
  ОснованиеПлатежа: '',
  ОснованиеПлатежа_Type: 'StandardODATA.Undefined',
  Заказ: deal ? orderGuid(deal) : '',
  Заказ_Type: deal ? 'StandardODATA.Document_ЗаказКлиента' : 'StandardODATA.Undefined',
  Сумма: amountNumber(absolute(payment.amount)),
  СуммаВзаиморасчетов: amountNumber(absolute(payment.amount)),
});

/** Money that is not of buyers: what the acquirer transfers for cards already counted, and a loan. */
function foreignIncome(state: State): OdataRow[] {
  return foreign(state, ['ПоступлениеОплатыПоПлатежнойКарте', 'ПоступлениеПоКредитамИЗаймам']);
}

const foreignExpense = (state: State): OdataRow[] => foreign(state, ['ОплатаПоставщику']);

function foreign(state: State, operations: readonly string[]): OdataRow[] {
  const newest = Math.max(
    ...[...state.payments.values()].filter((payment) => payment.route === 'odata').map((payment) => payment.at),
  );
  if (!Number.isFinite(newest)) return [];
  return operations.map((operation) => {
    const hash = createHash('sha256').update(operation).digest('hex');
    return moneyDocument({
      id: `${hash.slice(0, 8)}-${hash.slice(8, 12)}-11ec-ad72-${hash.slice(12, 24)}`,
      number: `ТД00-${String(900_000 + operation.length)}`,
      at: newest - 3_600_000,
      isPosted: true,
      isDeleted: false,
      operation,
      total: 50_000_000n,
      partner: emptyGuid,
      lines: [],
    });
  });
}

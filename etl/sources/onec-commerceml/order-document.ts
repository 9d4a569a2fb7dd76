import { childOf, childrenOf, listOf, plainName, textOf, type XmlNode } from './xml-node.ts';

/** A `Документ` or `ПодчиненныйДокумент` with the fields that matter, texts as written. */
export interface OrderDocument {
  readonly node: XmlNode;
  readonly line: number;
  readonly id: string | undefined;
  readonly number: string | undefined;
  readonly day: string | undefined;
  readonly time: string | undefined;
  readonly operation: OperationKind;
  /** Role of our company. */
  readonly role: string;
  readonly currency: string | undefined;
  readonly sum: string | undefined;
  /** `Основание`: id of the order that a document of a container belongs to. */
  readonly basis: string | undefined;
  readonly hasItems: boolean;
  /** By name without spaces, in lower case. Fields that 3.1 moved from requisites to elements are found under the same name. */
  readonly requisites: ReadonlyMap<string, string>;
  readonly attached: readonly OrderDocument[];
  /** It has a list of attached documents, empty or not. */
  readonly listsAttached: boolean;
}

export const operationKinds = ['order', 'payment', 'refund', 'other'] as const;
export type OperationKind = (typeof operationKinds)[number];

/**
 * What a document says about money. In this exchange a «Выплата … денег» is money of the buyer that the shop got, though
 * the word means paying out; only «Возврат … денег» is a refund. «Отпуск товара» and «Возврат товара» move goods, not money.
 */
export function operationKind(name: string | undefined, hasItems: boolean): OperationKind {
  const operation = plainName(name ?? '');
  if (operation === 'заказтовара') return 'order';
  if (operation === '') return hasItems ? 'order' : 'other';
  if (/^выплата(без)?наличныхденег$/.test(operation) || operation === 'эквайринговаяоперация') return 'payment';
  return /^возврат(без)?наличныхденег$/.test(operation) ? 'refund' : 'other';
}

export const isMoney = (operation: OperationKind): boolean => operation === 'payment' || operation === 'refund';

/** Reads an element; pure. */
export function readDocument(node: XmlNode): OrderDocument {
  const hasItems = listOf(node, 'Товары', 'Товар').length > 0;
  return {
    node,
    line: node.line,
    id: textOf(node, 'Ид'),
    number: textOf(node, 'Номер'),
    day: textOf(node, 'Дата'),
    time: textOf(node, 'Время'),
    operation: operationKind(textOf(node, 'ХозОперация'), hasItems),
    role: plainName(textOf(node, 'Роль') ?? ''),
    currency: textOf(node, 'Валюта'),
    sum: textOf(node, 'Сумма'),
    basis: textOf(node, 'Основание'),
    hasItems,
    requisites: readRequisites(node),
    listsAttached: childOf(node, 'ПодчиненныеДокументы') !== undefined,
    attached: listOf(node, 'ПодчиненныеДокументы', 'ПодчиненныйДокумент').map(readDocument),
  };
}

/** Documents of a unit: itself, or those of its container. */
export const documentsOf = (unit: XmlNode): OrderDocument[] =>
  (unit.name === 'Контейнер' ? childrenOf(unit, 'Документ') : [unit]).map(readDocument);

const elementsLikeRequisites: Readonly<Record<string, string>> = {
  Номер1С: 'номерпо1с',
  Дата1С: 'датапо1с',
  ПометкаУдаления: 'пометкаудаления',
  Проведен: 'проведен',
  Отменен: 'отменен',
  Статус: 'статусзаказа',
};

function readRequisites(node: XmlNode): Map<string, string> {
  const requisites = new Map<string, string>();
  for (const [element, name] of Object.entries(elementsLikeRequisites)) {
    const value = textOf(node, element);
    if (value !== undefined) requisites.set(name, value);
  }
  for (const requisite of listOf(node, 'ЗначенияРеквизитов', 'ЗначениеРеквизита')) {
    const name = textOf(requisite, 'Наименование');
    const value = textOf(requisite, 'Значение');
    if (name !== undefined && value !== undefined) requisites.set(plainName(name), value);
  }
  return requisites;
}

/** First present requisite of several spellings, names given plain. */
export function requisite(document: OrderDocument, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = document.requisites.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** `true`/`false` as 1C and sites write them; undefined when absent or something else. */
export function flag(document: OrderDocument, ...names: readonly string[]): boolean | undefined {
  const value = plainName(requisite(document, ...names) ?? '');
  if (['true', '1', 'да', 'y'].includes(value)) return true;
  return ['false', '0', 'нет', 'n'].includes(value) ? false : undefined;
}

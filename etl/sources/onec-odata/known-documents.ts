import type { OnecOdataSettings } from './settings.ts';

export type PaymentMethod = 'bank' | 'card' | 'cash';

/** A kind of 1C document that tells of orders or of buyers' money. */
export interface KnownDocument {
  readonly name: string;
  readonly fact: 'order' | 'money';
  readonly method: PaymentMethod;
  /** Operations that are money of a buyer, and money back to one. Any other operation of the document is no business of ours. */
  readonly income: readonly string[];
  readonly refunds: readonly string[];
}

type Configuration = 'ut' | 'bp' | 'unf';

// The acquirer's settlement («ПоступлениеОплатыПоПлатежнойКарте», «ПоступленияОтПродажПоПлатежнымКартам…») is not
// income here: the same roubles stand in the card documents, one for each buyer.
const buyerPays = [
  'ПоступлениеОплатыОтКлиента',
  'ПоступлениеОплатыОтКлиентаПоПлатежнойКарте',
  'ОплатаПокупателя',
  'ОтПокупателя',
];
const buyerGetsBack = [
  'ВозвратОплатыКлиенту',
  'ВозвратОплатыКлиентуНаПлатежнуюКарту',
  'ВозвратПокупателю',
  'Покупателю',
];

const order = (name: string): KnownDocument => ({ name, fact: 'order', method: 'bank', income: [], refunds: [] });
const moneyIn = (name: string, method: PaymentMethod): KnownDocument => ({
  name,
  fact: 'money',
  method,
  income: buyerPays,
  refunds: [],
});
const moneyOut = (name: string, method: PaymentMethod): KnownDocument => ({
  name,
  fact: 'money',
  method,
  income: [],
  refunds: buyerGetsBack,
});
const moneyBothWays = (name: string, method: PaymentMethod): KnownDocument => ({
  name,
  fact: 'money',
  method,
  income: buyerPays,
  refunds: buyerGetsBack,
});

const byConfiguration: Readonly<Record<Configuration, readonly KnownDocument[]>> = {
  ut: [
    order('Document_ЗаказКлиента'),
    moneyIn('Document_ПоступлениеБезналичныхДенежныхСредств', 'bank'),
    moneyBothWays('Document_ОперацияПоПлатежнойКарте', 'card'),
    moneyIn('Document_ПриходныйКассовыйОрдер', 'cash'),
    moneyOut('Document_СписаниеБезналичныхДенежныхСредств', 'bank'),
    moneyOut('Document_РасходныйКассовыйОрдер', 'cash'),
  ],
  bp: [
    order('Document_СчетНаОплатуПокупателю'),
    moneyIn('Document_ПоступлениеНаРасчетныйСчет', 'bank'),
    moneyBothWays('Document_ОплатаПлатежнойКартой', 'card'),
    moneyIn('Document_ПриходныйКассовыйОрдер', 'cash'),
    moneyOut('Document_СписаниеСРасчетногоСчета', 'bank'),
    moneyOut('Document_РасходныйКассовыйОрдер', 'cash'),
  ],
  unf: [
    order('Document_ЗаказПокупателя'),
    moneyIn('Document_ПоступлениеНаСчет', 'bank'),
    moneyBothWays('Document_ОперацияПоПлатежнымКартам', 'card'),
    moneyIn('Document_ПоступлениеВКассу', 'cash'),
    moneyOut('Document_РасходСоСчета', 'bank'),
    moneyOut('Document_РасходИзКассы', 'cash'),
  ],
};

/** Documents that the settings ask for; whether the base has them is for its $metadata to say. */
export function documentsToRead(settings: OnecOdataSettings): readonly KnownDocument[] {
  if (settings.documents !== undefined) return settings.documents.map(ownDocument);
  if (settings.configuration !== 'auto') return byConfiguration[settings.configuration];
  const all = Object.values(byConfiguration).flat();
  return [...new Map(all.map((document) => [document.name, document])).values()];
}

const ownDocument = (own: NonNullable<OnecOdataSettings['documents']>[number]): KnownDocument => ({
  name: own.name,
  fact: own.fact,
  method: own.method ?? 'bank',
  income: own.income ?? buyerPays,
  refunds: own.refunds ?? buyerGetsBack,
});

/** Names of the documents that are orders, as composite links spell them. */
export const orderDocuments = (settings: OnecOdataSettings): string[] =>
  [...documentsToRead({ ...settings, configuration: 'auto' }), ...documentsToRead(settings)]
    .filter((document) => document.fact === 'order')
    .map((document) => document.name);

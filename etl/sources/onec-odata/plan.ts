import { SourceError } from '../../errors.ts';
import { documentsToRead, type KnownDocument } from './known-documents.ts';
import type { OdataClient } from './odata-client.ts';
import { type OdataMetadata, parseMetadata } from './odata-metadata.ts';
import type { OnecOdataSettings } from './settings.ts';

/** A document that the base has, with the fields to ask for: names differ from release to release. */
export interface DocumentPlan {
  readonly document: KnownDocument;
  readonly select: readonly string[];
}

export interface ReadPlan {
  readonly documents: readonly DocumentPlan[];
  /** Documents of the settings that the base does not show. */
  readonly hidden: readonly string[];
  readonly hasEntity: (name: string) => boolean;
}

const headerFields = [
  'Ref_Key',
  'DataVersion',
  'DeletionMark',
  'Number',
  'Date',
  'Posted',
  'СуммаДокумента',
  'Валюта_Key',
  'ВалютаДокумента_Key',
];
const orderFields = [
  'Статус',
  'СостояниеЗаказа_Key',
  'Контрагент_Key',
  'Партнер_Key',
  'Аннулирован',
  'НомерПоДаннымКлиента',
];
const itemFields = [
  'LineNumber',
  'Номенклатура_Key',
  'Характеристика_Key',
  'Количество',
  'Цена',
  'Сумма',
  'СуммаСНДС',
  'Отменено',
];
const moneyFields = [
  'ХозяйственнаяОперация',
  'ВидОперации',
  'ПроведеноБанком',
  'ДатаПроведенияБанком',
  'ОбъектРасчетов_Key',
  'СчетНаОплату_Key',
  'ДокументОснование',
  'ДокументОснование_Type',
  'Заказ',
  'Заказ_Type',
];
const breakdownFields = [
  'LineNumber',
  'Сумма',
  'СуммаПлатежа',
  'Заказ',
  'Заказ_Type',
  'Заказ_Key',
  'ОснованиеПлатежа',
  'ОснованиеПлатежа_Type',
  'ОбъектРасчетов_Key',
  'СчетНаОплату_Key',
];

export const settlements = 'Catalog_ОбъектыРасчетов';
export const currencies = 'Catalog_Валюты';
export const buyerCatalogs = ['Catalog_Партнеры', 'Catalog_Контрагенты'];

/** Reads $metadata and chooses what this base can tell about orders or money. Throws SourceError when it can tell nothing. */
export async function makePlan(
  client: OdataClient,
  settings: OnecOdataSettings,
  fact: KnownDocument['fact'],
): Promise<ReadPlan> {
  const wanted = documentsToRead(settings).filter((document) => document.fact === fact);
  const catalogs = [settlements, currencies, ...buyerCatalogs];
  const isWanted = (name: string): boolean =>
    catalogs.includes(name) || wanted.some((document) => name === document.name || partsOf(document).includes(name));
  const metadata = parseMetadata(await client.metadata(), isWanted);
  const documents = wanted
    .filter((document) => metadata.has(document.name))
    .map((document) => ({ document, select: selectOf(document, metadata, settings) }));
  if (documents.length === 0) throw nothingVisible(wanted);
  const hidden = wanted.map(({ name }) => name).filter((name) => !metadata.has(name));
  return { documents, hidden, hasEntity: (name) => metadata.has(name) };
}

const partsOf = ({ name }: KnownDocument): string[] => [`${name}_Товары`, `${name}_РасшифровкаПлатежа`];

function selectOf(document: KnownDocument, metadata: OdataMetadata, settings: OnecOdataSettings): string[] {
  const own = document.fact === 'order' ? [...orderFields, settings.order_number] : moneyFields;
  const [part, fields] =
    document.fact === 'order' ? (['Товары', itemFields] as const) : (['РасшифровкаПлатежа', breakdownFields] as const);
  const header = metadata.get(document.name) ?? new Set();
  const rows = metadata.get(`${document.name}_${part}`) ?? new Set();
  return [
    ...new Set([...headerFields, ...own].filter((field) => header.has(field))),
    ...fields.filter((field) => rows.has(field)).map((field) => `${part}/${field}`),
  ];
}

const nothingVisible = (wanted: readonly KnownDocument[]): SourceError =>
  new SourceError(
    'settings',
    `the base shows none of ${wanted.map(({ name }) => name).join(', ')}: add them to its OData interface (УстановитьСоставСтандартногоИнтерфейсаOData), or name your documents in \`documents\``,
  );

import { z } from 'zod';
import { amountSchema } from '../../../domain/money.ts';

export const emptyGuid = '00000000-0000-0000-0000-000000000000';

const guid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'expected a guid');
/** A field that a document can do without: some publications write null where others leave it out. */
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined);
const flag = (absent: boolean) =>
  z
    .boolean()
    .nullish()
    .transform((value) => value ?? absent);
const lines = <Schema extends z.ZodType>(line: Schema) =>
  z
    .array(line)
    .nullish()
    .transform((value) => value ?? []);

/** An empty link is a guid of zeros, or an empty text in a composite field. */
const link = z
  .string()
  .nullish()
  .transform((value) => (value && value !== emptyGuid ? value.toLowerCase() : undefined));
const text = optional(z.string());
const amount = optional(amountSchema);

const breakdownLine = z.object({
  // Edm.Int64 comes as text.
  LineNumber: optional(z.union([z.string(), z.number()]).transform(String)),
  Сумма: amount,
  СуммаПлатежа: amount,
  Заказ: link,
  Заказ_Type: text,
  Заказ_Key: link,
  ОснованиеПлатежа: link,
  ОснованиеПлатежа_Type: text,
  ОбъектРасчетов_Key: link,
  СчетНаОплату_Key: link,
});

/** The number of a line is its place; where a single one is not told, all are counted, so that no two are the same. */
const breakdown = lines(breakdownLine).transform((all) => {
  const isNumbered = all.every((line) => line.LineNumber !== undefined);
  return all.map(({ LineNumber, ...line }, index) => ({
    ...line,
    LineNumber: isNumbered && LineNumber !== undefined ? LineNumber : String(index + 1),
  }));
});
export type BreakdownLine = z.output<typeof breakdown>[number];

const itemLine = z.object({
  Номенклатура_Key: link,
  Характеристика_Key: link,
  Количество: amount,
  Цена: amount,
  Сумма: amount,
  СуммаСНДС: amount,
  Отменено: flag(false),
});
export type ItemLine = z.output<typeof itemLine>;

const header = {
  'odata.entity': z.string(),
  Ref_Key: guid.transform((value) => value.toLowerCase()),
  DeletionMark: flag(false),
  Posted: flag(true),
  Number: text.transform((value) => value ?? ''),
  Date: z.string(),
  СуммаДокумента: amount,
  Валюта_Key: link,
  ВалютаДокумента_Key: link,
};

/** An order of the base; the field with the shop's number is kept beside the known ones. */
export const orderRow = z.looseObject({
  ...header,
  Статус: text,
  Контрагент_Key: link,
  Партнер_Key: link,
  Аннулирован: flag(false),
  Товары: lines(itemLine),
});
export type OrderRow = z.output<typeof orderRow>;

export const moneyRow = z.object({
  ...header,
  ХозяйственнаяОперация: text,
  ВидОперации: text,
  ПроведеноБанком: optional(z.boolean()),
  ДатаПроведенияБанком: text,
  ОбъектРасчетов_Key: link,
  СчетНаОплату_Key: link,
  Заказ: link,
  Заказ_Type: text,
  ДокументОснование: link,
  ДокументОснование_Type: text,
  РасшифровкаПлатежа: breakdown,
});
export type MoneyRow = z.output<typeof moneyRow>;

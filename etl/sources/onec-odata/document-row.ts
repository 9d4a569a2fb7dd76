import { z } from 'zod';
import { amountSchema } from '../../../domain/money.ts';

export const emptyGuid = '00000000-0000-0000-0000-000000000000';

const guid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'expected a guid');
/** An empty link is a guid of zeros, or an empty text in a composite field. */
const link = z
  .string()
  .optional()
  .transform((value) => (value === undefined || value === '' || value === emptyGuid ? undefined : value.toLowerCase()));
const text = z.string().optional();

const lineFields = {
  // Edm.Int64 comes as text.
  LineNumber: z.union([z.string(), z.number()]).transform(String),
};

const breakdownLine = z.object({
  ...lineFields,
  Сумма: amountSchema.optional(),
  СуммаПлатежа: amountSchema.optional(),
  Заказ: link,
  Заказ_Type: text,
  Заказ_Key: link,
  ОснованиеПлатежа: link,
  ОснованиеПлатежа_Type: text,
  ОбъектРасчетов_Key: link,
  СчетНаОплату_Key: link,
});
export type BreakdownLine = z.output<typeof breakdownLine>;

const itemLine = z.object({
  ...lineFields,
  Номенклатура_Key: link,
  Характеристика_Key: link,
  Количество: amountSchema.optional(),
  Цена: amountSchema.optional(),
  Сумма: amountSchema.optional(),
  СуммаСНДС: amountSchema.optional(),
  Отменено: z.boolean().optional(),
});
export type ItemLine = z.output<typeof itemLine>;

const header = {
  'odata.entity': z.string(),
  Ref_Key: guid.transform((value) => value.toLowerCase()),
  DeletionMark: z.boolean().default(false),
  Posted: z.boolean().default(true),
  Number: z.string().default(''),
  Date: z.string(),
  СуммаДокумента: amountSchema.optional(),
  Валюта_Key: link,
  ВалютаДокумента_Key: link,
};

/** An order of the base; the field with the shop's number is kept beside the known ones. */
export const orderRow = z.looseObject({
  ...header,
  Статус: text,
  Контрагент_Key: link,
  Партнер_Key: link,
  Аннулирован: z.boolean().optional(),
  Товары: z.array(itemLine).default([]),
});
export type OrderRow = z.output<typeof orderRow>;

export const moneyRow = z.object({
  ...header,
  ХозяйственнаяОперация: text,
  ВидОперации: text,
  ПроведеноБанком: z.boolean().optional(),
  ДатаПроведенияБанком: text,
  ОбъектРасчетов_Key: link,
  СчетНаОплату_Key: link,
  Заказ: link,
  Заказ_Type: text,
  ДокументОснование: link,
  ДокументОснование_Type: text,
  РасшифровкаПлатежа: z.array(breakdownLine).default([]),
  /** Parts into which the document was split when it was last read. */
  'known.parts': z.array(z.string()).default([]),
});
export type MoneyRow = z.output<typeof moneyRow>;

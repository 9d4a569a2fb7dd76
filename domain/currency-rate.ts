import { z } from 'zod';
import { amountSchema, currencySchema } from './money.ts';
import { dateSchema } from './time.ts';

/** What one unit of a currency is worth in the project's currency from a day on, until a newer rate. */
export const currencyRateSchema = z.strictObject({
  date: dateSchema,
  currency: currencySchema,
  rate: amountSchema.refine(
    (rate) => !/^-|^0+(\.0+)?$/.test(rate),
    'expected a rate above 0 for one unit of the currency',
  ),
});
export type CurrencyRate = z.output<typeof currencyRateSchema>;

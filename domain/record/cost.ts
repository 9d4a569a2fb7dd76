import { z } from 'zod';
import { amountSchema, currencySchema } from '../money.ts';
import { dateSchema } from '../time.ts';
import { countSchema, optionalId, optionalMark, optionalText, sourceSchema } from './common.ts';

export const vatModes = ['included', 'excluded', 'none'] as const;
export const costKinds = ['media', 'fee', 'other'] as const;

/** 0.22 or 22; 1 could be either, and is refused. */
const vatRateSchema = amountSchema.refine(
  (rate) => Number(rate) >= 0 && Number(rate) <= 100 && Number(rate) !== 1,
  'expected a rate such as 0.22 or 22',
);

const longestRangeDays = 3660;
const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;

/** Spend of one day, or of a range of days that is spread evenly. `vat` must be said: guessing it shifts every ROI. */
export const costInputSchema = z
  .strictObject({
    source: sourceSchema,
    account: optionalId,
    id: optionalId,
    platform: optionalText,
    date: dateSchema,
    to_date: dateSchema.optional(),
    campaign_id: optionalId,
    campaign: optionalText,
    adgroup_id: optionalId,
    ad_id: optionalId,
    keyword: optionalText,
    utm_source: optionalMark,
    utm_medium: optionalMark,
    utm_campaign: optionalMark,
    utm_content: optionalMark,
    utm_term: optionalMark,
    cost: amountSchema,
    currency: currencySchema.optional(),
    vat: z.enum(vatModes),
    vat_rate: vatRateSchema.optional(),
    kind: z.enum(costKinds).optional(),
    impressions: countSchema.optional(),
    clicks: countSchema.optional(),
    deleted: z.boolean().optional(),
  })
  .refine((row) => row.to_date === undefined || row.to_date >= row.date, {
    path: ['to_date'],
    message: 'the last day is before the first',
  })
  .refine((row) => row.to_date === undefined || daysBetween(row.date, row.to_date) <= longestRangeDays, {
    path: ['to_date'],
    message: 'a range covers at most 10 years',
  });
export type CostInput = z.output<typeof costInputSchema>;

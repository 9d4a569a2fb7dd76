import { z } from 'zod';
import { amountSchema, currencySchema } from '../money.ts';
import { dateSchema } from '../time.ts';
import { idSchema, optionalText, sourceSchema } from './common.ts';

export const vatModes = ['included', 'excluded', 'none'] as const;
export const costKinds = ['media', 'fee', 'other'] as const;

/** Spend of one day, or of a range of days that is spread evenly. `vat` must be said: guessing it shifts every ROI. */
export const costInputSchema = z
  .strictObject({
    source: sourceSchema,
    account: optionalText,
    id: idSchema.optional(),
    platform: optionalText,
    date: dateSchema,
    to_date: dateSchema.optional(),
    campaign_id: idSchema.optional(),
    campaign: optionalText,
    adgroup_id: idSchema.optional(),
    ad_id: idSchema.optional(),
    keyword: optionalText,
    utm_source: optionalText,
    utm_medium: optionalText,
    utm_campaign: optionalText,
    utm_content: optionalText,
    utm_term: optionalText,
    cost: amountSchema,
    currency: currencySchema.optional(),
    vat: z.enum(vatModes),
    vat_rate: amountSchema.optional(),
    kind: z.enum(costKinds).optional(),
    impressions: z.coerce.number().int().nonnegative().optional(),
    clicks: z.coerce.number().int().nonnegative().optional(),
    deleted: z.boolean().optional(),
  })
  .refine((row) => row.to_date === undefined || row.to_date >= row.date, {
    path: ['to_date'],
    message: 'the last day is before the first',
  });
export type CostInput = z.output<typeof costInputSchema>;

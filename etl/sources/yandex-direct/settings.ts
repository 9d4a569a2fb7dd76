import { z } from 'zod';
import { currencySchema } from '../../../domain/money.ts';
import { dateSchema } from '../../../domain/time.ts';

export const yandexDirectSettings = z.strictObject({
  token: z.string().min(1).describe('OAuth token of the Yandex Direct API'),
  client_login: z.string().min(1).optional().describe("Advertiser's login; required for an agency's token"),
  account: z
    .string()
    .min(1)
    .optional()
    .describe('Name of the ad account in reports (default: client_login, else the id of the source)'),
  base_url: z
    .url()
    .default('https://api.direct.yandex.com')
    .describe('Address of the API; the sandbox is https://api-sandbox.direct.yandex.com'),
  vat: z
    .enum(['included', 'excluded'])
    .describe('Whether the spend is asked for with VAT or without; must be said, because guessing it shifts every ROI'),
  currency: currencySchema.optional().describe("Currency of the ad account (default: the project's)"),
  start_date: dateSchema.optional().describe('First day to load (default: 90 days before the first run)'),
  repull_days: z
    .int()
    .min(1)
    .max(90)
    .default(3)
    .describe('How many past days are read again at every run: Direct corrects clicks for about three days'),
  weekly_repull_days: z
    .int()
    .min(1)
    .max(365)
    .default(30)
    .describe('How many past days are read again once a week: older days are corrected rarely'),
});

export type YandexDirectSettings = z.output<typeof yandexDirectSettings>;

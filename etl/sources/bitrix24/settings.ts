import { z } from 'zod';

const field = (what: string) =>
  z.string().min(1).optional().describe(`Deal field that holds ${what}: its code (UF_CRM_…) or its title`);

/** `https://<portal>/rest/<user id>/<secret>/`: the secret stands in the path. */
const webhookPath = /^\/(?:[^/]+\/)*rest\/\d+\/[^/]+\/?$/;

export const bitrix24Settings = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'expected the URL of an incoming webhook', abort: true })
    .refine((url) => webhookPath.test(new URL(url).pathname), {
      error: 'expected the URL of an incoming webhook such as https://shop.bitrix24.ru/rest/1/secret/',
    })
    .describe('URL of an incoming webhook with the scope crm (and user, for the names of managers)'),
  fields: z
    .strictObject({
      visit_code: field('the visit code that a buyer tells on the phone'),
      visit: field('the visit id that the form sends'),
      visitor: field('the visitor id that the form sends'),
      ym_client_id: field('the ClientID of Yandex Metrica'),
      cogs: field('the cost of the goods sold'),
      delivery_cost: field('what the delivery cost the shop'),
      order_id: field("the shop's order number (default: ORIGIN_ID)"),
      lost_reason: field('why the deal was lost'),
    })
    .default({})
    .describe('Which fields of a deal mean what'),
  page_overlap_minutes: z
    .int()
    .min(0)
    .max(24 * 60)
    .default(10)
    .describe('How many minutes before the last change seen are read again, against clocks that differ'),
  requests_per_second: z
    .number()
    .min(0.1)
    .max(1000)
    .default(2)
    .describe('What the plan allows: 2, on the Enterprise plan 5; more for a portal on your own server'),
  sweep_hours: z
    .number()
    .min(0)
    .max(24 * 31)
    .default(24)
    .describe('How often the ids of all records are compared, because a deletion shows nowhere else; 0: at every run'),
  vanished_limit_percent: z
    .number()
    .min(0)
    .max(100)
    .default(30)
    .describe(
      'If more records than this vanish at once, and more than two, or all that there were, none is marked deleted: the webhook has lost rights',
    ),
});

export type Bitrix24Settings = z.output<typeof bitrix24Settings>;
export type MeaningfulField = keyof Bitrix24Settings['fields'];

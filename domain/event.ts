import { z } from 'zod';
import { contactDigestPattern } from './contact.ts';
import { computedAmountSchema, currencySchema } from './money.ts';

export const eventTypes = [
  'pageview',
  'form_view',
  'form_submit',
  'product_view',
  'add_to_cart',
  'remove_from_cart',
  'checkout',
  'purchase',
  'identify',
  'call_click',
  'messenger_click',
  'mail_click',
  'download',
  'outbound',
  'goal',
  'engagement',
] as const;
export type EventType = (typeof eventTypes)[number];

/** Limits of one request to the collector. */
export const maxBodyBytes = 64 * 1024;
export const maxEvents = 100;
export const maxSiteChars = 128;

/** A UUID as a sender may spell it; kept in lower case. */
export const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Longest texts of an event, in UTF-16 units; what is longer is cut. */
export const maxChars = { url: 8192, title: 512, formId: 256, formName: 256, formPage: 4096 } as const;

export const cutText = (value: string, max: number): string => value.slice(0, max).toWellFormed();

const uuid = z.string().regex(uuidPattern, 'expected a UUID').toLowerCase();
const text = (max: number) => z.string().transform((value) => cutText(value, max));
/** Shops keep ids and phones as numbers too. */
const textOrNumber = (max: number) =>
  z.union([z.string(), z.number()]).transform((value) => cutText(String(value), max));
const idText = textOrNumber(256);
const contactDigest = z.string().regex(contactDigestPattern, 'expected a SHA-256 in 64 lower-case hex digits');

const itemSchema = z.object({
  id: idText.optional(),
  name: text(512).optional(),
  price: computedAmountSchema.optional(),
  quantity: computedAmountSchema.optional(),
});

/**
 * One event of `POST /collect`; unknown fields are ignored so that an older collector takes a newer tracker. Text is cut to its limit,
 * never refused for length. Only `id`, `type` and `ts` must be there: who reads an event leaves out what else the schema does not take.
 */
export const eventSchema = z.object({
  id: uuid,
  type: z.enum(eventTypes),
  ts: z.number().int(),
  visit: uuid.optional(),
  url: text(maxChars.url).default(''),
  referrer: text(maxChars.url).default(''),
  title: text(maxChars.title).default(''),
  form: z
    .object({
      id: textOrNumber(maxChars.formId).default(''),
      name: text(maxChars.formName).default(''),
      page: text(maxChars.formPage).default(''),
    })
    .optional(),
  order: z
    .object({
      id: idText.optional(),
      amount: computedAmountSchema.optional(),
      currency: z
        .union([z.string(), z.number().transform(String)])
        .pipe(currencySchema)
        .optional(),
    })
    .optional(),
  items: z.array(itemSchema).max(500).optional(),
  user: z
    .object({
      phone: textOrNumber(64).optional(),
      email: text(320).optional(),
      /** The same hashed in the browser; counts where the contact itself is not told. */
      phone_hash: contactDigest.optional(),
      email_hash: contactDigest.optional(),
      id: idText.optional(),
      ym_client_id: idText.optional(),
    })
    .optional(),
  props: z.record(z.string(), z.unknown()).optional(),
});
export type Event = z.output<typeof eventSchema>;

/** At most so many numbers of a page are looked at: a page of a chain's shops has many, and only the collector knows which are replaced. */
const maxPageNumbers = 500;
const isPageNumber = (value: unknown): value is string => typeof value === 'string' && /^\d{5,15}$/.test(value);

/** Numbers of a page that call tracking may replace. What is none is left out: no event must be lost for it. */
export const readPageNumbers = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) ? value.slice(0, maxPageNumbers).filter(isPageNumber) : undefined;

/** The envelope; its events are checked one by one so that a bad one does not take the good ones with it. */
const envelopeSchema = z.object({
  site: z.string().min(1).max(maxSiteChars),
  visitor: uuid.nullish().transform((value) => value ?? undefined),
  /** `denied`: the events are counted without a visitor. */
  consent: z
    .enum(['granted', 'denied'])
    .nullish()
    .transform((value) => value ?? undefined),
  /** The collector makes the visitor of a day itself: no cookie is set or read. */
  cookieless: z
    .boolean()
    .nullish()
    .transform((value) => value ?? undefined),
  numbers: z.unknown().optional().transform(readPageNumbers),
  events: z.array(z.unknown()).max(maxEvents),
});

/** Without events it only takes the visitor out of the browser of somebody who refuses. */
export const collectSchema = envelopeSchema.refine(({ consent, events }) => consent === 'denied' || events.length > 0, {
  path: ['events'],
  message: 'expected an event at least; none is for consent: "denied" alone',
});

export const visitorSchema = uuid;

import { z } from 'zod';
import { maxChars } from '../../domain/event.ts';
import { currencySchema } from '../../domain/money.ts';
import { sourceSchema } from '../../domain/record/common.ts';
import { dealStatuses } from '../../domain/record/deal.ts';
import { dateSchema, isTimezone } from '../../domain/time.ts';
import { isCronPattern } from '../../etl/schedule.ts';
import { sources as sourceDefinitions } from '../../etl/sources/index.ts';
import { onecExchangeSettings } from '../../etl/sources/onec-commerceml/settings.ts';
import { callTrackingSchema } from './call-tracking-schema.ts';
import { collectorSchema } from './collector-schema.ts';
import { geoSchema } from './geo-schema.ts';

const domain = z
  .string()
  .regex(/^[^\s/:]+\.[^\s/:]+$/, 'expected a domain such as shop.example, without https:// and without a path')
  .transform((text, context) => {
    const address = `https://${text}/`;
    // As browsers and referrers spell it: in lower case, Cyrillic as xn--….
    if (URL.canParse(address) && new URL(address).pathname === '/') return new URL(address).hostname;
    context.addIssue({ code: 'custom', message: 'expected a domain such as shop.example' });
    return z.NEVER;
  });

const originWords = 'expected an origin such as https://shop.example, without a path';

/** An origin as browsers send it: in lower case, without a slash at the end and without the usual port. */
const origin = z.url(originWords).transform((text, context) => {
  const { protocol, username, password, pathname, search, hash, origin: sent } = new URL(text);
  const more = [username, password, pathname === '/' ? '' : pathname, search, hash].join('');
  if (more === '' && /^https?:$/.test(protocol)) return sent;
  context.addIssue({ code: 'custom', message: originWords });
  return z.NEVER;
});

const siteSchema = z.strictObject({
  key: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected letters, digits, - and _')
    .describe('Public key of the site: data-site of the tag'),
  domains: z.array(domain).min(1).describe('Domains of the shop; their subdomains belong to it'),
  origins: z
    .array(origin)
    .default([])
    .describe('Pages that may send events, such as https://shop.example; empty: every page of the domains'),
});

const fractionWords = 'expected a fraction such as 0.22';

const vatRateSchema = z.strictObject({
  from: dateSchema.describe('First day of the rate'),
  rate: z
    .union([z.number().min(0).max(1), z.string().regex(/^0(\.\d{1,4})?$/, fractionWords)], fractionWords)
    .transform(String)
    .describe('As a fraction: 0.22'),
});

const rulesSchema = z.strictObject({
  own_domains: z.array(domain).default([]).describe('More domains of the shop: visits that come from them go on'),
  payment_return_domains: z.array(domain).default([]).describe('Payment and sign-in pages that send buyers back'),
  channel_aliases: z
    .array(
      z.strictObject({
        from: z.string().min(1).describe('Spelling that comes'),
        to: z.string().min(1).describe('Spelling of reports'),
      }),
    )
    .default([])
    .describe('Spellings of utm_source: {from: ya_direct, to: yandex}'),
  not_requests: z
    .array(z.string().min(1).max(maxChars.formId))
    .default([])
    .describe(
      'Ids of forms that are no requests, such as search, filter, a button that puts into the cart; * stands for anything: ["/cart/add*", "search"]',
    ),
  status_groups: z
    .record(z.string(), z.enum(dealStatuses))
    .default({})
    .describe('Stage id or name of the CRM → open, won, lost, excluded'),
  vat_rates: z
    .array(vatRateSchema)
    .min(1)
    .default([
      { from: '2019-01-01', rate: '0.20' },
      { from: '2026-01-01', rate: '0.22' },
    ])
    .describe('VAT on advertising by its first day'),
});

const common = {
  id: sourceSchema.describe('Name of this source in reports and commands'),
  schedule: z
    .string()
    .refine(isCronPattern, 'expected a cron pattern such as "*/5 * * * *"')
    .optional()
    .describe('When to read it, cron in the time zone of the project; without it only on command'),
};

/** Settings of a source beside those every source has: `id`, `type`, `schedule`. Checked by its own definition. */
const sourceEntrySchema = z.looseObject({ ...common, type: z.string() }).transform((entry, context) => {
  const { id, type, schedule, ...rest } = entry;
  const definition = sourceDefinitions.find((known) => known.type === type);
  if (definition === undefined) {
    const known = sourceDefinitions.map((source) => source.type).join(', ');
    context.addIssue({ code: 'custom', path: ['type'], message: `unknown type "${type}"; known: ${known}` });
    return z.NEVER;
  }
  const settings = definition.settings.safeParse(rest);
  if (settings.success) return { id, type, schedule, settings: settings.data };
  for (const issue of settings.error.issues)
    context.addIssue({ code: 'custom', path: issue.path, message: issue.message });
  return z.NEVER;
});

const writtenConfigSchema = z.strictObject({
  project: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'expected a short lower-case name')
    .default('default')
    .describe('Name of the project'),
  timezone: z
    .string()
    .refine(isTimezone, 'expected a time zone such as Europe/Moscow')
    .default('Europe/Moscow')
    .describe('Days of reports are days of this zone'),
  currency: currencySchema.default('RUB').describe('Currency of reports'),
  money_source: z
    .enum(['payments', 'deals'])
    .optional()
    .describe(
      'Where revenue comes from: payment documents, or amounts of won deals. Left out: deals when a CRM and no accounting system is among the sources, else payments',
    ),
  secret: z
    .string()
    .min(16)
    .optional()
    .describe('Key of the hashes of phones and e-mails; without it one is made and kept in the data folder'),
  store_contacts: z.boolean().default(false).describe('Keep plain phones, e-mails and names in raw payloads'),
  trust_proxy: z
    .union(
      [z.boolean(), z.int().min(1).max(9)],
      'expected true, false, or how many proxies stand one behind the other, 1 to 9',
    )
    .default(false)
    .transform(Number)
    .describe(
      'X-Forwarded-For and X-Forwarded-Proto are set by your own proxy; a number: by so many, one behind the other',
    ),
  sites: z
    .array(siteSchema)
    .default([])
    .superRefine(unique('key'))
    .describe(
      'Sites that carry the tag. They share order numbers and ids of accounts: shops that number their orders apart are a project each',
    ),
  sources: z
    .array(sourceEntrySchema)
    .default([])
    .superRefine(unique('id'))
    .superRefine(oneWayToEachBase)
    .describe('CRM, accounting, ad accounts'),
  collector: collectorSchema.default(() => collectorSchema.parse({})).describe('How events are taken'),
  call_tracking: callTrackingSchema
    .default(() => callTrackingSchema.parse({}))
    .describe("Numbers that pages show instead of the shop's own, by source or one for each visit"),
  geo: geoSchema.default(() => geoSchema.parse({})).describe('Country, region and city of visitors'),
  rules: rulesSchema.default(() => rulesSchema.parse({})).describe('What the shop knows better than the product'),
});

export const configSchema = writtenConfigSchema.superRefine(poolsOfKnownSites).transform((config) => ({
  ...config,
  money_source: config.money_source ?? usualMoneySource(config.sources),
}));

export type Config = z.output<typeof configSchema>;

function poolsOfKnownSites(config: z.output<typeof writtenConfigSchema>, context: z.RefinementCtx): void {
  for (const [index, { sites = [] }] of config.call_tracking.pools.entries()) {
    const unknown = sites.find((key) => !config.sites.some((site) => site.key === key));
    if (unknown === undefined) continue;
    const message = `no site has the key "${unknown}": write one of the keys under sites, or leave it out for all of them`;
    context.addIssue({ code: 'custom', path: ['call_tracking', 'pools', index, 'sites'], message });
  }
}

/** Revenue is what accounting says was paid; a shop that connected a CRM alone has no payments. */
function usualMoneySource(sources: readonly { readonly type: string }[]): 'payments' | 'deals' {
  const definitions = sourceDefinitions.filter(({ type }) => sources.some((source) => source.type === type));
  const hasCrm = definitions.some(({ streams }) => streams.some(({ entity }) => entity === 'deal'));
  return hasCrm && !definitions.some(({ isAccounting }) => isAccounting) ? 'deals' : 'payments';
}

/** No two entries of a list may have the same name; the second one is at fault. */
function unique<Name extends string>(field: Name) {
  return (list: readonly Readonly<Record<Name, string>>[], context: z.RefinementCtx): void => {
    for (const [index, entry] of list.entries()) {
      const first = list.findIndex((other) => other[field] === entry[field]);
      if (first === index) continue;
      const message = `the ${field} "${entry[field]}" stands at ${first} already; each needs its own`;
      context.addIssue({ code: 'custom', path: [index, field], message });
    }
  };
}

interface SourceEntry {
  readonly id: string;
  readonly type: string;
  readonly settings: unknown;
}

/** 1C over both ways would bring the same orders and payments twice, unless the two are different bases. */
function oneWayToEachBase(list: readonly SourceEntry[], context: z.RefinementCtx): void {
  const read = list.find(({ type }) => type === '1c-odata');
  if (read === undefined) return;
  for (const [index, { id, type, settings }] of list.entries()) {
    if (type !== '1c-exchange' || onecExchangeSettings.safeParse(settings).data?.separate_base) continue;
    const message = `${id} and ${read.id} would bring the same orders and payments of 1C twice: keep one of them (1c-odata brings both by itself); if they are different bases of 1C, say so here with separate_base: true`;
    context.addIssue({ code: 'custom', path: [index], message });
  }
}

/** JSON Schema of the file, for editors: every type of source with its own settings. */
export function configJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });
  const entries = sourceDefinitions.map((definition) => sourceJsonSchema(definition.type, definition.settings));
  const properties = {
    ...schema.properties,
    sources: { type: 'array', description: 'CRM, accounting, ad accounts', items: { oneOf: entries } },
  };
  return { ...schema, title: 'throughline.config.yaml', properties };
}

function sourceJsonSchema(type: string, settings: z.ZodType): Record<string, unknown> {
  const own = z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' });
  const shared = z.toJSONSchema(z.strictObject(common), { io: 'input', unrepresentable: 'any' });
  return {
    type: 'object',
    additionalProperties: false,
    properties: { type: { const: type }, ...shared.properties, ...own.properties },
    required: ['id', 'type', ...(own.required ?? [])],
  };
}

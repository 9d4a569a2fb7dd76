import { z } from 'zod';
import type { NumberPool } from '../../collector/calls/number-pool.ts';
import { channelNames } from '../../domain/channel/channel-group.ts';
import { normalisePhone } from '../../domain/contact.ts';
import { whyUnusable } from './unusable-pool.ts';

const minuteMs = 60_000;

/** A phone as people write it → digits with the country. */
const phone = z.union([z.string(), z.int().transform(String)]).transform((text, context): string => {
  const number = normalisePhone(text);
  if (number !== undefined) return number.slice(1);
  context.addIssue({
    code: 'custom',
    message: `"${text}" is no phone number: expected one such as "+7 495 123-45-67"`,
  });
  return z.NEVER;
});

/** A union of the checked values would only say that neither fits. */
const written = z.union([z.string(), z.int()]);
const oneOrMore = <Value extends z.ZodType<string, string | number>>(value: Value) =>
  z
    .union([written, z.array(written).min(1)], 'expected a text, or a list of them')
    .transform((list) => [list].flat())
    .pipe(z.array(value));

const channel = z.string().transform((text, context): string => {
  const known = channelNames.find((name) => name.toLowerCase() === text.trim().toLowerCase());
  if (known !== undefined) return known;
  context.addIssue({ code: 'custom', message: `there is no channel "${text}"; there are ${channelNames.join(', ')}` });
  return z.NEVER;
});

const pattern = z.string().min(1);
const patterns = (what: string) =>
  oneOrMore(pattern).optional().describe(`Only for visits of these ${what}; * stands for anything, as in yandex*`);

const poolSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/, 'expected a short name of Latin letters, digits and . _ -')
      .describe('Name of the pool in messages and in the table of leases'),
    replace: oneOrMore(phone).describe('Numbers that stand on the pages and are replaced'),
    number: phone.optional().describe('Static: the number that every such visit sees'),
    numbers: z.array(phone).min(1).optional().describe('Dynamic: each number is for one visit at a time'),
    sites: oneOrMore(z.string()).optional().describe('Only on these sites, by their keys'),
    channels: oneOrMore(channel).optional().describe('Only for visits of these channels, as reports name them'),
    sources: patterns('sources, as reports name them'),
    media: patterns('media'),
    campaigns: patterns('utm_campaign'),
  })
  .superRefine(({ number, numbers }, context) => {
    if ((number === undefined) !== (numbers === undefined)) return;
    const message = 'expected either number, one for all such visits, or numbers, each for one visit at a time';
    context.addIssue({ code: 'custom', message });
  });

type WrittenPool = z.output<typeof poolSchema>;

/** Numbers of call tracking that stand on pages instead of the shop's own. */
export const callTrackingSchema = z
  .strictObject({
    hold_minutes: z
      .number()
      .min(1)
      .max(1440)
      .default(30)
      .describe('How long a visit keeps its number after it was last heard of'),
    min_hold_minutes: z
      .number()
      .min(0)
      .max(1440)
      .default(5)
      .describe('How long it keeps it when all are taken and others wait'),
    pools: z
      .array(poolSchema)
      .default([])
      .superRefine(noNumberTwice)
      .superRefine(noStaticNumberTwice)
      .superRefine(noPoolForNothing)
      .describe('Of those that are for a visit the first that has a number gives it'),
  })
  .refine(({ hold_minutes, min_hold_minutes }) => min_hold_minutes <= hold_minutes, {
    path: ['min_hold_minutes'],
    message: 'more than hold_minutes: a number is held that long at least',
  })
  .transform(({ hold_minutes, min_hold_minutes, pools }) => ({
    holdMs: hold_minutes * minuteMs,
    minHoldMs: min_hold_minutes * minuteMs,
    pools: pools.map(toPool),
  }));

const toPool = ({ number, numbers, ...rest }: WrittenPool): NumberPool =>
  numbers === undefined
    ? { ...rest, kind: 'static', numbers: number === undefined ? [] : [number] }
    : { ...rest, kind: 'dynamic', numbers };

/** A call tells a visit only if its number was shown to nobody else. */
function noNumberTwice(pools: readonly WrittenPool[], context: z.RefinementCtx): void {
  const complain = (path: PropertyKey[], message: string): void => context.addIssue({ code: 'custom', path, message });
  const taken = new Map<string, string>();
  for (const { name, replace, number } of pools) {
    for (const shown of replace)
      taken.set(shown, `is replaced by the pool "${name}", so that it stands on pages for everybody`);
    if (number !== undefined) taken.set(number, `is the number of the static pool "${name}"`);
  }
  const names = new Set<string>();
  for (const [index, { name, numbers = [] }] of pools.entries()) {
    if (names.has(name)) complain([index, 'name'], `another pool is called "${name}" already; each needs its own name`);
    names.add(name);
    for (const [at, one] of numbers.entries()) {
      const use = taken.get(one);
      if (use !== undefined)
        complain([index, 'numbers', at], `+${one} ${use}: a number that is leased must stand nowhere else`);
      else taken.set(one, `stands in the pool "${name}" already`);
    }
  }
}

function noStaticNumberTwice(pools: readonly WrittenPool[], context: z.RefinementCtx): void {
  for (const [index, { number }] of pools.entries()) {
    const first = pools.findIndex((one) => number !== undefined && one.number === number);
    if (first === -1 || first === index) continue;
    const message = `+${number} is the number of the static pool "${pools[first]?.name}" already: its calls could not be told apart; write the two as one pool, or give each its own number`;
    context.addIssue({ code: 'custom', path: [index, 'number'], message });
  }
}

function noPoolForNothing(pools: readonly WrittenPool[], context: z.RefinementCtx): void {
  for (const [index, pool] of pools.entries()) {
    const message = whyUnusable(pool, pools.slice(0, index));
    if (message !== undefined) context.addIssue({ code: 'custom', path: [index], message });
  }
}

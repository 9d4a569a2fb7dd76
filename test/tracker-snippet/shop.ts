import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { z } from 'zod';
import { collectSchema, type Event, eventSchema } from '../../domain/event.ts';
import { encodeVisitCode } from '../../domain/visit-code.ts';
import { buildModule, buildTracker, secondOf } from '../../tracker-snippet/build.mjs';
import {
  type FixtureAnswer,
  type FixtureSite,
  launchBrowser,
  type SeenRequest,
  startFixtureSite,
} from '../support/browser.ts';

/** One POST to the collector, checked against the wire contract. */
export interface Delivery {
  request: SeenRequest;
  site: string;
  visitor: string;
  consent: string | undefined;
  cookieless: boolean | undefined;
  numbers: readonly string[] | undefined;
  events: Event[];
  rejected: { index: number; reason: string }[];
}

/** Where no cookie is set the collector tells the visit. */
const cookielessVisit = '22222222-2222-4222-8222-222222222222';

const idsSchema = z.object({ visitor: z.string(), visit: z.string(), visit_code: z.string() });

/** A shop on shop.test with the tracker from stats.shop.test, and a collector stand-in that answers as the contract says. */
export interface Shop {
  site: FixtureSite;
  browser: Browser;
  /** Another one for each test: what a closed page of an earlier test still sends is answered and not recorded. */
  siteKey: string;
  /** The tag of the snippet as a shop embeds it, with more attributes if given. */
  tag(attributes?: string): string;
  /** Puts a page on every host, with the snippet's tag in its head unless `head` is given. */
  page(path: string, body?: string, head?: string): void;
  /** What the collector answers instead of taking the batch; undefined: it takes it. May wait. */
  refuse: ((delivery: Delivery) => FixtureAnswer | undefined | Promise<FixtureAnswer | undefined>) | undefined;
  /** A fresh person: a context of its own, with one page. */
  visitor(): Promise<{ context: BrowserContext; page: Page }>;
  /** Batches the collector was sent in this test, refused ones too. */
  deliveries: Delivery[];
  /** Events of the taken batches of this test, without the fences of `settled`. */
  events(type?: string): Event[];
  /** Resolves when everything the page has sent before this call is with the collector. */
  settled(page: Page): Promise<void>;
  /** What `throughline('get')` tells on the page. */
  ids(page: Page): Promise<z.output<typeof idsSchema>>;
  /** Between tests: closes the contexts, forgets what was seen. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

function parseDelivery(request: SeenRequest): Delivery {
  const { site, visitor, consent, cookieless, numbers, events } = collectSchema.parse(JSON.parse(request.body));
  const read = events.map((event) => eventSchema.safeParse(event));
  return {
    request,
    site,
    visitor: visitor ?? '',
    consent,
    cookieless,
    numbers,
    events: read.flatMap(({ success, data }) => (success ? [data] : [])),
    rejected: read.flatMap(({ success }, index) => (success ? [] : [{ index, reason: 'invalid' }])),
  };
}

const corsOf = (request: SeenRequest): Record<string, string> => ({
  'access-control-allow-origin': request.headers.origin ?? '*',
  'access-control-allow-credentials': 'true',
  'access-control-expose-headers': 'Retry-After',
});

type Scripts = Record<string, string>;

let built: Promise<Scripts> | undefined;

/** The scripts of the sources as they are, built once for all files of this process. */
function builtScripts(): Promise<Scripts> {
  built ??= buildScripts();
  return built;
}

async function buildScripts(): Promise<Scripts> {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-tracker-'));
  try {
    const [script, module] = [join(folder, 't.js'), join(folder, 'tracker.js')];
    await Promise.all([buildTracker({ outFile: script }), buildModule({ outFile: module })]);
    return {
      '/t.js': readFileSync(script, 'utf8'),
      '/t-more.js': readFileSync(secondOf(script), 'utf8'),
      '/tracker.js': readFileSync(module, 'utf8'),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function openShop(): Promise<Shop> {
  const [site, browser, scripts] = await Promise.all([startFixtureSite(), launchBrowser(), builtScripts()]);
  const taken: Event[] = [];
  const codes = new Map<string, string>();
  let contexts: BrowserContext[] = [];
  let fences = 0;
  let tests = 0;

  const codeOf = (visit: string): string => {
    const code = codes.get(visit) ?? encodeVisitCode(1000 + codes.size);
    codes.set(visit, code);
    return code;
  };

  for (const [path, body] of Object.entries(scripts))
    site.on(path, () => ({ headers: { 'content-type': 'text/javascript', 'access-control-allow-origin': '*' }, body }));
  const answerTo = ({ visitor, consent, cookieless, events }: Delivery) => {
    if (consent === 'denied') return { visitor: null, visit: null, visit_code: null };
    const visit = cookieless ? cookielessVisit : (events.at(-1)?.visit ?? '');
    return { visitor: cookieless ? null : visitor, visit, visit_code: codeOf(visit) };
  };

  site.on('/collect', async (request) => {
    const delivery = parseDelivery(request);
    if (delivery.site !== shop.siteKey) return { headers: corsOf(request) };
    shop.deliveries.push(delivery);
    const refusal = await shop.refuse?.(delivery);
    if (refusal) return { ...refusal, headers: { ...corsOf(request), ...refusal.headers } };
    // A page that is left before the answer sends again under the same ids: they count once.
    taken.push(...delivery.events.filter(({ id }) => taken.every((event) => event.id !== id)));
    const body = JSON.stringify({
      ...answerTo(delivery),
      ...(delivery.rejected.length && { rejected: delivery.rejected }),
    });
    return { headers: { 'content-type': 'application/json', ...corsOf(request) }, body };
  });

  const shop: Shop = {
    site,
    browser,
    deliveries: [],
    refuse: undefined,
    siteKey: 'shop-0',
    tag: (attributes = '') =>
      `<script async src="${site.url('stats.shop.test', '/t.js')}" data-site="${shop.siteKey}" ${attributes}></script>`,
    page: (path, body = '', head = shop.tag()) =>
      site.on(path, `<!doctype html><html><head><title>Page ${path}</title>${head}</head><body>${body}</body></html>`),
    visitor: async () => {
      const context = await browser.newContext();
      contexts.push(context);
      return { context, page: await context.newPage() };
    },
    events: (type) => taken.filter((event) => (type ? event.type === type : true) && event.props?.fence === undefined),
    settled: async (page) => {
      const fence = ++fences;
      await page.waitForFunction('window.throughline && throughline.isLoaded');
      await page.evaluate(`throughline('goal', { props: { fence: ${fence} } })`);
      await site.until(() => taken.some((event) => event.props?.fence === fence), `the fence ${fence} arrives`);
    },
    ids: async (page) => {
      await page.waitForFunction('window.throughline && throughline.isLoaded');
      return idsSchema.parse(await page.evaluate("new Promise((resolve) => throughline('get', resolve))"));
    },
    reset: async () => {
      await Promise.all(contexts.map((context) => context.close()));
      contexts = [];
      shop.siteKey = `shop-${++tests}`;
      taken.length = 0;
      shop.deliveries.length = 0;
      site.seen.length = 0;
      shop.refuse = undefined;
    },
    close: async () => {
      await browser.close();
      await site.close();
    },
  };
  return shop;
}

/** One shop for the tests of a file, handed over before the first and forgetting each. */
export function useShop(take: (shop: Shop) => void): void {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
    take(shop);
  });
  afterEach(() => shop.reset());
  afterAll(() => shop.close());
}

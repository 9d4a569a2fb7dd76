import type { Browser, BrowserContext, Page, Request as PlaywrightRequest } from 'playwright-core';
import { type Arrival, directSource, entrance } from './campaigns.ts';
import { site } from './catalogue.ts';
import { createRecord, type JourneyRecord, journeyAgent } from './journey-record.ts';
import type { Hit, Person } from './model.ts';
import { createRandom } from './random.ts';
import { gatewayHost, type ShopServer } from './shop-server.ts';
import type { World } from './world.ts';

/** What a person does, one step after another, in one tab. */
export type Step =
  /** Comes from `arrival`: through a page of the referring host, or straight to the address. Begins a visit. */
  | { readonly do: 'arrive'; readonly arrival: Arrival }
  | { readonly do: 'open'; readonly path: string }
  | { readonly do: 'add-to-cart' }
  | { readonly do: 'request' | 'callback' }
  | { readonly do: 'checkout'; readonly pay: 'online' | 'later' };

export interface BrowserJourney {
  readonly name: string;
  readonly person: Person;
  readonly steps: readonly Step[];
}

const plans: readonly (readonly [string, readonly (string | Step)[]])[] = [
  ['looks around from search', ['yandex-organic', { do: 'open', path: '/catalog/' }]],
  [
    'buys by an advertisement and pays online',
    ['direct-brand', ...basket('kettle-17'), { do: 'checkout', pay: 'online' }],
  ],
  ['asks by a form after an advertisement in VK', ['vk-autumn', { do: 'open', path: '/contacts/' }, { do: 'request' }]],
  ['wants to be called back', ['google-organic', { do: 'callback' }]],
  ['buys by a mailing and pays on delivery', ['mail-weekly', ...basket('mixer-4'), { do: 'checkout', pay: 'later' }]],
  ['types the address', ['direct', { do: 'open', path: '/p/pot-5/' }]],
  ['leaves a full basket', ['direct-kettles', ...basket('coffee-9')]],
  ['comes from a post', ['vk-organic', { do: 'open', path: '/catalog/' }]],
  ['buys after a review', ['review-site', ...basket('blender-6'), { do: 'checkout', pay: 'online' }]],
  [
    'comes twice within one visit time',
    [
      'direct-rivals',
      { do: 'open', path: '/catalog/' },
      'mail-cart',
      { do: 'open', path: '/contacts/' },
      { do: 'request' },
    ],
  ],
];

function basket(productId: string): Step[] {
  return [{ do: 'open', path: `/p/${productId}/` }, { do: 'add-to-cart' }, { do: 'open', path: '/cart/' }];
}

/** A few journeys of today for a real browser; what they bring is in the ledger as soon as they are performed. */
export function browserJourneys(world: World): BrowserJourney[] {
  const random = createRandom(world.seed, 'browser');
  return plans.map(([name, steps], index) => ({
    name,
    person: {
      id: `live-${index}`,
      devices: [],
      name: `Гость ${index}`,
      phone: `+7926000000${index}`,
      email: `guest${index}@mail.example`,
    },
    steps: steps.map((step) =>
      typeof step === 'string' ? { do: 'arrive' as const, arrival: entrance(step).arrive(random) } : step,
    ),
  }));
}

export interface BrowserRun {
  readonly browser: Browser;
  readonly shop: ShopServer;
  readonly journeys?: readonly BrowserJourney[];
  readonly onProgress?: (done: number, total: number) => void;
}

/** Performs the journeys one after another, each in a fresh browser profile. The browser was started with `hostResolverRules`. */
export async function runBrowserJourneys(world: World, run: BrowserRun): Promise<void> {
  const journeys = run.journeys ?? browserJourneys(world);
  for (const [index, journey] of journeys.entries()) {
    await perform(world, journey, run);
    run.onProgress?.(index + 1, journeys.length);
  }
}

async function perform(world: World, journey: BrowserJourney, run: BrowserRun): Promise<void> {
  const context = await run.browser.newContext({ userAgent: journeyAgent, locale: 'ru-RU' });
  try {
    const tab = await openTab(context);
    const record = createRecord(world, journey.person);
    run.shop.setVisitor(journey.person);
    for (const step of journey.steps) await take(step, tab, record);
    record.finish();
  } finally {
    await context.close();
  }
}

interface SentEvent {
  readonly type: string;
  readonly url: string;
  readonly ts: number;
  readonly order?: { readonly id: string };
}

interface Tab {
  readonly page: Page;
  /** Resolves when the collector has answered an event of the type that happened on a page whose address begins so. */
  delivered(type: Hit['type'], urlStart: string): Promise<SentEvent>;
}

const patienceMs = 20_000;

const eventsOf = (request: PlaywrightRequest): SentEvent[] => {
  if (!request.url().endsWith('/collect') || request.method() !== 'POST') return [];
  return (JSON.parse(request.postData() ?? '{"events":[]}') as { events: SentEvent[] }).events;
};

const formPaths: readonly string[] = ['/request', '/callback', '/checkout'];

/** The shop answers a form only when the collector has its event: a journey that ends there would leave it to chance. */
async function openTab(context: BrowserContext): Promise<Tab> {
  const page = await context.newPage();
  const find = createLog(context);
  const isForm = (url: URL): boolean => url.hostname === site.host && formPaths.includes(url.pathname);
  await context.route(isForm, async (route) => {
    await find((event) => event.type === 'form_submit');
    await route.continue();
  });
  return {
    page,
    delivered: (type, urlStart) => find((event) => event.type === type && event.url.startsWith(urlStart)),
  };
}

type Find = (isWanted: (event: SentEvent) => boolean) => Promise<SentEvent>;

/** Events that the collector has answered; finds the newest that fits, and waits for it when there is none yet. */
function createLog(context: BrowserContext): Find {
  const seen: SentEvent[] = [];
  const waiting = new Set<() => void>();
  context.on('requestfinished', (request) => {
    seen.push(...eventsOf(request));
    for (const check of waiting) check();
  });
  return (isWanted) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(check);
        reject(
          new Error(
            `the collector has not answered an expected event in ${patienceMs / 1000} s; it answered ${seen.map((event) => `${event.type} of ${event.url}`).join(', ')}`,
          ),
        );
      }, patienceMs);
      const check = (): void => {
        const found = seen.findLast(isWanted);
        if (!found) return;
        waiting.delete(check);
        clearTimeout(timer);
        resolve(found);
      };
      waiting.add(check);
      check();
    });
}

async function take(step: Step, tab: Tab, record: JourneyRecord): Promise<void> {
  switch (step.do) {
    case 'arrive':
      return arrive(step.arrival, tab, record);
    case 'open':
      await tab.page.goto(`http://${site.host}${step.path}`, { referer: tab.page.url() });
      return shown(step.path, tab, record);
    case 'add-to-cart':
      await tab.page.click('#add');
      await tab.delivered('add_to_cart', `http://${site.host}/`);
      return;
    case 'request':
    case 'callback':
      await submit(step.do, `#${step.do} button`, tab);
      await shown('/accepted/', tab, record);
      record.requested((await tab.delivered('form_submit', `http://${site.host}/`)).ts);
      return;
    case 'checkout':
      return checkOut(step.pay, tab, record);
  }
}

async function arrive(arrival: Arrival, tab: Tab, record: JourneyRecord): Promise<void> {
  const target = `http://${site.host}/${arrival.query ? `?${arrival.query}` : ''}`;
  if (arrival.source === directSource || arrival.referrer === '') await tab.page.goto(target);
  else await followLink(new URL(arrival.referrer).hostname, target, tab.page);
  const { ts } = await tab.delivered('pageview', target);
  record.begin(arrival, ts);
  record.pageview('/', ts);
}

/** Browsers know some hosts as encrypted only, and the stand-in is not: from those the referrer alone is shown. */
async function followLink(host: string, target: string, page: Page): Promise<void> {
  try {
    await page.goto(`http://${host}/search?to=${encodeURIComponent(target)}`);
  } catch {
    await page.goto(target, { referer: `https://${host}/` });
    return;
  }
  await Promise.all([page.waitForURL((url) => url.hostname === site.host), page.click('#go')]);
}

async function shown(path: string, tab: Tab, record: JourneyRecord): Promise<void> {
  await tab.page.waitForURL((url) => url.hostname === site.host && url.pathname === path);
  const { ts } = await tab.delivered('pageview', `http://${site.host}${path}`);
  record.pageview(path, ts);
}

/** Fills a form like a person and sends it; the visit code must be in it by then. */
async function submit(formId: string, button: string, tab: Tab): Promise<void> {
  const code = tab.page.locator(`#${formId} input[name="throughline_visit_code"]:not([value=""])`);
  await code.waitFor({ state: 'attached', timeout: patienceMs });
  for (const name of ['name', 'phone', 'email']) {
    const input = tab.page.locator(`#${formId} input[name="${name}"]`);
    if ((await input.count()) > 0) await input.fill(name === 'email' ? 'guest@mail.example' : '+7 926 000-00-00');
  }
  await tab.page.click(button);
}

async function checkOut(pay: 'online' | 'later', tab: Tab, record: JourneyRecord): Promise<void> {
  await submit('checkout', `#checkout button[value="${pay}"]`, tab);
  if (pay === 'online') {
    await tab.page.waitForURL((url) => url.hostname === gatewayHost);
    await tab.page.click('#pay');
  }
  await shown('/thanks/', tab, record);
  record.requested((await tab.delivered('purchase', `http://${site.host}/thanks/`)).ts);
}

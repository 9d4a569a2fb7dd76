import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { expectCountedOnce, expectSentOnce, longMs } from './sent-events.ts';
import { type Delivery, type Shop, useShop } from './shop.ts';
import { wholeTag } from './whole-tag.ts';

const minuteMs = 60_000;

let shop: Shop;

useShop((opened) => {
  shop = opened;
});

const at = (path: string): string => shop.site.url('shop.test', path);

async function load(page: Page, path = '/', body = ''): Promise<void> {
  shop.page(path.replace(/\?.*$/, ''), body, wholeTag(shop));
  await page.goto(at(path));
  await page.waitForFunction('window.throughline && throughline.isLoaded');
}

async function open(page: Page, path = '/', body = ''): Promise<void> {
  await load(page, path, body);
  await shop.settled(page);
}

const tell = (page: Page, step: number) => page.evaluate(`throughline('goal', { props: { step: ${step} } })`);
const steps = (): unknown[] =>
  shop
    .events('goal')
    .map(({ props }) => props?.step)
    .sort();
const holds =
  (step: number) =>
  ({ events }: Delivery): boolean =>
    events.some(({ props }) => props?.step === step);

describe('a page that ends while a batch is in the air and another event has just been told', () => {
  const never = new Promise<undefined>(() => {});

  /** A page in that state; no timer of it runs any more. */
  async function busyPage(): Promise<{ page: Page; context: BrowserContext }> {
    const { page, context } = await shop.visitor();
    await context.clock.install();
    await open(page);
    shop.refuse = (delivery) => (holds(1)(delivery) ? never : undefined);
    await tell(page, 1);
    await shop.site.until(() => shop.deliveries.some(holds(1)), 'the batch is in the air');
    await context.clock.pauseAt(Number(await page.evaluate('Date.now() + 1000')));
    await tell(page, 2);
    expect(shop.deliveries.some(holds(2))).toBe(false);
    return { page, context };
  }

  /** The next page of the visitor, when all that may wait has been tried again. */
  async function comeAgain(context: BrowserContext): Promise<void> {
    shop.refuse = undefined;
    const next = await context.newPage();
    await context.clock.resume();
    await open(next, '/next');
    await context.clock.fastForward(minuteMs);
    await shop.site.until(() => steps().length >= 2, 'both events arrive');
    await context.clock.fastForward(longMs);
    await shop.settled(next);
    expect(steps()).toEqual([1, 2]);
    expectCountedOnce(shop, 4);
  }

  test.each<[string, (page: Page) => Promise<unknown>]>([
    ['closed', (page) => page.close()],
    ['left for another site', (page) => page.goto('about:blank')],
    ['left for a page of the shop without the tag', (page) => page.goto(at('/bare'))],
  ])('sends the event at once when it is %s, and leaves the batch to the next page', async (_, end) => {
    shop.page('/bare', '', '');
    const { page, context } = await busyPage();
    await end(page);
    await shop.site.until(() => steps().includes(2), 'the event arrives');
    await comeAgain(context);
  });

  test('leaves what was in the air to the next page when its process dies', async () => {
    const { page, context } = await shop.visitor();
    await context.clock.install();
    await open(page);
    shop.refuse = (delivery) => (holds(1)(delivery) ? never : undefined);
    await tell(page, 1);
    await shop.site.until(() => shop.deliveries.some(holds(1)), 'the batch is in the air');
    const session = await context.newCDPSession(page);
    const crash = page.waitForEvent('crash');
    session.send('Page.crash').catch(() => {});
    await crash;
    await page.close();
    shop.refuse = undefined;
    const next = await context.newPage();
    await open(next, '/next');
    await context.clock.fastForward(minuteMs);
    await shop.site.until(() => steps().length === 1, 'the event arrives');
    await context.clock.fastForward(longMs);
    await shop.settled(next);
    expectCountedOnce(shop, 3);
  });
});

test.each<[string, (page: Page) => Promise<unknown>]>([
  ['closed', (page) => page.close()],
  ['left', (page) => page.goto(at('/bare'))],
])('a page that is %s before any timer of it has run is told, with what was called on it', async (_, end) => {
  shop.page('/bare', '', '');
  const { page, context } = await shop.visitor();
  await context.clock.install();
  await context.clock.pauseAt(Date.now() + minuteMs);
  await load(page, '/?utm_source=vk');
  await tell(page, 1);
  expect(shop.deliveries).toEqual([]);
  await end(page);
  await shop.site.until(() => steps().length === 1 && shop.events('pageview').length === 1, 'both arrive');
  expect(shop.events('pageview')[0]?.url).toBe(at('/?utm_source=vk'));
  expectCountedOnce(shop, 2);
});

describe('a page that the browser keeps for Back and shows again', () => {
  /** A visitor whose clock goes ahead by what his pages have been told. */
  async function person(): Promise<{ page: Page; context: BrowserContext }> {
    const visitor = await shop.visitor();
    await visitor.context.addInitScript(
      '{ const now = Date.now; Date.now = () => now() + Number(localStorage.aheadMs || 0); }',
    );
    return visitor;
  }

  /**
   * Freezes the page with its timers while something else happens, and tells it so as browsers do. The headless browser keeps no page
   * by itself: its reason is BackForwardCacheDisabledForDelegate.
   */
  async function keptWhile(page: Page, meanwhile: () => Promise<unknown>): Promise<void> {
    const session = await page.context().newCDPSession(page);
    await page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))");
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    await meanwhile();
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await page.bringToFront();
    await page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
  }

  const form = '<form id="callback" method="post"></form><b data-throughline-code></b>';

  test('counts again, in the same visit, and goes on working: forms, the code, each event once', async () => {
    const { page, context } = await person();
    await open(page, '/', form);
    await tell(page, 1);
    await keptWhile(page, async () => {
      await shop.site.until(() => steps().length === 1, 'the event arrives');
      await open(await context.newPage(), '/catalog');
    });
    await tell(page, 2);
    await shop.settled(page);
    const pages = shop.events('pageview');
    expect(pages.map(({ url }) => new URL(url).pathname)).toEqual(['/', '/catalog', '/']);
    expect(new Set(pages.map(({ visit }) => visit)).size).toBe(1);
    expect(steps()).toEqual([1, 2]);
    expectSentOnce(shop, 0, 5);
    expect(await page.inputValue('[name=throughline_visit]')).toBe(pages[0]?.visit);
    expect(await page.textContent('b')).toBe((await shop.ids(page)).visit_code);
  });

  test('after more than half an hour begins a visit', async () => {
    const { page } = await person();
    await open(page, '/', form);
    await keptWhile(page, async () => undefined);
    await page.evaluate(`localStorage.aheadMs = ${31 * minuteMs}`);
    await keptWhile(page, async () => undefined);
    await shop.settled(page);
    const [first, second, third] = shop.events('pageview').map(({ visit }) => visit);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    await page.waitForFunction(`document.querySelector('[name=throughline_visit]').value === '${third}'`);
  });

  test('goes on in the visit that another ad has begun meanwhile', async () => {
    const { page, context } = await person();
    await open(page, '/', form);
    const other = await context.newPage();
    await keptWhile(page, async () => {
      shop.page('/sale', '', wholeTag(shop));
      await other.goto(at('/sale?utm_source=vk'));
      await shop.settled(other);
    });
    await shop.settled(page);
    const [first, second, third] = shop.events('pageview').map(({ visit }) => visit);
    expect(second).not.toBe(first);
    expect(third).toBe(second);
    await page.waitForFunction(`document.querySelector('[name=throughline_visit]').value === '${second}'`);
    expect(await shop.ids(page)).toEqual(await shop.ids(other));
  });
});

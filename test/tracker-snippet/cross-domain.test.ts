import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openShop, type Shop } from './shop.ts';
import { wholeTag } from './whole-tag.ts';

const minuteMs = 60_000;
const other = 'other.test';

let shop: Shop;
/** Whom the link on shop.test was made for, and where it leads once it was clicked. */
let ids: Awaited<ReturnType<Shop['ids']>>;
let address: string;
let contexts: BrowserContext[] = [];

beforeAll(async () => {
  shop = await openShop();
  const page = await open(`<a href="${at('/boots?size=40#top', other)}">other</a>`);
  ids = await shop.ids(page);
  address = await addressOf(page);
  await shop.reset();
});
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()));
  contexts = [];
  await shop.reset();
});
afterAll(() => shop.close());

const at = (path: string, host = 'shop.test'): string => shop.site.url(host, path);
const tag = (attributes = ''): string => wholeTag(shop, `data-domains="shop.test ${other}" ${attributes}`);

/** A page of the shop whose links do not lead away when they are clicked. */
async function open(body: string, attributes = ''): Promise<Page> {
  const { page } = await shop.visitor();
  shop.page('/', body, tag(attributes));
  await page.goto(at('/?utm_source=vk'));
  await page.evaluate("addEventListener('click', (event) => event.preventDefault())");
  await shop.settled(page);
  return page;
}

/** Where the link leads after it was clicked. */
async function addressOf(page: Page): Promise<string> {
  await page.click('a');
  return page.evaluate("document.querySelector('a').href");
}

const markOf = (marked: string): string => new URL(marked).searchParams.get('_tl') ?? '';

interface Arrival {
  /** Page whose link was clicked. */
  from?: string | undefined;
  /** Time between the click on shop.test and the arrival. */
  afterMs?: number;
  userAgent?: string;
}

/** Opens an address of the other domain where nothing is known of the visitor yet. */
async function arrive(target: string, { from, afterMs = 0, userAgent }: Arrival): Promise<Page> {
  const context = await shop.browser.newContext(userAgent === undefined ? {} : { userAgent });
  contexts.push(context);
  await context.addInitScript(`{ const now = Date.now; Date.now = () => now() + ${afterMs}; }`);
  shop.page('/boots', '', tag());
  const page = await context.newPage();
  await page.goto(target, from === undefined ? {} : { referer: from });
  await shop.settled(page);
  return page;
}

async function isTaken(page: Page, expected = ids): Promise<boolean> {
  const { visitor, visit } = await shop.ids(page);
  return visitor === expected.visitor && visit === expected.visit;
}

describe('a link to another domain of the shop', () => {
  test('carries the visitor and the visit over; the address bar and the next pages show nothing of it', async () => {
    expect(address).toContain('_tl=');
    const page = await arrive(address, { from: at('/') });
    expect(await isTaken(page)).toBe(true);
    expect(page.url()).toBe(at('/boots?size=40#top', other));
    await page.reload();
    await shop.settled(page);
    expect(await isTaken(page)).toBe(true);
    expect(shop.events('pageview').map(({ visit }) => visit)).toEqual([ids.visit, ids.visit]);
    expect(shop.deliveries.map(({ visitor }) => visitor)).toEqual(shop.deliveries.map(() => ids.visitor));
    expect(shop.events('pageview')[1]?.url).toBe(at('/boots?size=40#top', other));
  });

  test('is good for nine minutes', async () => {
    expect(await isTaken(await arrive(address, { from: at('/'), afterMs: 9 * minuteMs }))).toBe(true);
  });

  test('is marked anew by each click', async () => {
    const page = await open(`<a href="${at('/boots', other)}">other</a>`);
    const known = await shop.ids(page);
    const first = await addressOf(page);
    await page.evaluate(`{ const now = Date.now; Date.now = () => now() + ${11 * minuteMs}; }`);
    const second = await addressOf(page);
    expect(second).not.toBe(first);
    expect(await isTaken(await arrive(second, { from: at('/'), afterMs: 11 * minuteMs }), known)).toBe(true);
  });
});

describe('a mark is not taken, though it leaves the address bar,', () => {
  async function expectRefused(page: Page, visitor = ids.visitor): Promise<void> {
    const known = await shop.ids(page);
    expect(known.visitor).not.toBe(visitor);
    expect(known.visit).not.toBe(ids.visit);
    expect(page.url()).toBe(at('/boots?size=40#top', other));
  }

  /** The address with its mark changed. */
  function forge(change: (mark: string) => string): string {
    const url = new URL(address);
    url.searchParams.set('_tl', change(markOf(address)));
    expect(url.href).not.toBe(address);
    return url.href;
  }

  test('after ten minutes', async () => {
    await expectRefused(await arrive(address, { from: at('/'), afterMs: 11 * minuteMs }));
  });

  test('when it names another visitor than the one it was signed for', async () => {
    const victim = '0f8fad5b-d9cb-469f-a165-70867728950e';
    const forged = forge((mark) => victim + mark.slice(victim.length));
    await expectRefused(await arrive(forged, { from: at('/') }), victim);
  });

  test('when its signature is another', async () => {
    const forged = forge((mark) => mark.replace(/.$/, (last) => (last === '0' ? '1' : '0')));
    await expectRefused(await arrive(forged, { from: at('/') }));
  });

  test('when its time was moved on', async () => {
    const page = await open(`<a href="${at('/boots', other)}">other</a>`);
    await page.evaluate(`{ const now = Date.now; Date.now = () => now() + ${11 * minuteMs}; }`);
    const later = markOf(await addressOf(page)).split('.')[2];
    const forged = forge((mark) => mark.replace(/\.[^.]+(\.[^.]+)$/, `.${later}$1`));
    await expectRefused(await arrive(forged, { from: at('/'), afterMs: 11 * minuteMs }));
  });

  test('when it is no mark at all', async () => {
    await expectRefused(
      await arrive(
        forge(() => '%E0%A4%A.<b>..'),
        { from: at('/') },
      ),
    );
  });

  test.each([
    ['of a site that is not listed', 'http://evil.test/'],
    ['of a site that only ends like a listed one', 'http://evilshop.test/'],
    ['nobody knows', undefined],
  ])('when the previous page is one %s', async (_, from) => {
    await expectRefused(await arrive(address, { from }));
  });

  test('in another browser', async () => {
    const userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
    await expectRefused(await arrive(address, { from: at('/'), userAgent }));
  });
});

describe('a link is not marked', () => {
  test.each([
    ['inside the site, though the site lists itself too', () => at('/boots')],
    ['to a subdomain, which shares our cookies', () => at('/boots', 'blog.shop.test')],
    ['to a site that is not listed', () => at('/boots', 'maps.test')],
    ['to a site that only ends like a listed one', () => at('/boots', `my${other}`)],
  ])('%s', async (_, target) => {
    const page = await open(`<a href="${target()}">on</a>`);
    expect(await addressOf(page)).toBe(target());
  });

  test('for somebody who refused', async () => {
    const page = await open(`<a href="${at('/boots', other)}">other</a>`, 'data-consent="denied"');
    expect(await addressOf(page)).toBe(at('/boots', other));
  });
});

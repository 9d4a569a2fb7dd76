import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type Shop, useShop } from './shop.ts';

let shop: Shop;

useShop((opened) => {
  shop = opened;
});

async function open(page: Page, path = '/', host = 'shop.test'): Promise<void> {
  shop.page(path);
  await page.goto(shop.site.url(host, path));
  await shop.settled(page);
}

const visitors = (): string[] => [...new Set(shop.deliveries.map((delivery) => delivery.visitor))];

test('a visitor has one id in a readable first-party cookie and in localStorage, and no other cookie is left', async () => {
  const { page, context } = await shop.visitor();
  await open(page, '/', 'www.shop.test');
  const cookies = await context.cookies();
  expect(cookies.map((cookie) => cookie.name).sort()).toEqual(['tl_visitor']);
  const [cookie] = cookies;
  expect(cookie).toMatchObject({
    value: expect.stringContaining(`!${visitors()[0]}!`),
    domain: '.shop.test',
    httpOnly: false,
    sameSite: 'Lax',
    path: '/',
  });
  expect((cookie?.expires ?? 0) * 1000 - Date.now()).toBeGreaterThan(399 * 86_400_000);
  expect(await page.evaluate("localStorage.getItem('tl_visitor')")).toContain(visitors()[0]);
});

test('two people have two ids', async () => {
  await open((await shop.visitor()).page);
  await open((await shop.visitor()).page);
  expect(visitors()).toHaveLength(2);
});

test('localStorage restores the id when the cookies are deleted', async () => {
  const { page, context } = await shop.visitor();
  await open(page);
  await context.clearCookies();
  await open(page, '/catalog');
  expect(visitors()).toHaveLength(1);
});

test('the cookie restores the id when localStorage is cleared', async () => {
  const { page } = await shop.visitor();
  await open(page);
  await page.evaluate('localStorage.clear()');
  await open(page, '/catalog');
  expect(visitors()).toHaveLength(1);
});

test('an id that is not a UUID is replaced', async () => {
  const { page, context } = await shop.visitor();
  await context.addCookies([{ name: 'tl_visitor', value: '!x!y!z', domain: '.shop.test', path: '/' }]);
  await open(page);
  expect(visitors()[0]).toMatch(/^[\da-f-]{36}$/);
});

test('the id the server remembers wins over one made anew', async () => {
  const remembered = '0f8fad5b-d9cb-469f-a165-70867728950e';
  const { page } = await shop.visitor();
  shop.refuse = ({ events }) => ({
    body: JSON.stringify({ visitor: remembered, visit: events[0]?.visit, visit_code: '424' }),
  });
  shop.page('/');
  await page.goto(shop.site.url('shop.test'));
  expect(await shop.ids(page)).toMatchObject({ visitor: remembered, visit_code: '424' });
  shop.refuse = undefined;
  await open(page, '/catalog');
  expect(shop.deliveries.at(-1)?.visitor).toBe(remembered);
});

test('an answer that is not a UUID does not become the id', async () => {
  const { page } = await shop.visitor();
  shop.refuse = ({ events }) => ({
    body: JSON.stringify({ visitor: '<b>', visit: events[0]?.visit, visit_code: '4;2' }),
  });
  shop.page('/');
  const answer = page.waitForResponse(/collect/);
  await page.goto(shop.site.url('shop.test'));
  await (await answer).finished();
  // Asked for after the only answer, which brought no code, too.
  await page.evaluate('new Promise((resolve) => setTimeout(resolve, 100))');
  expect(await shop.ids(page)).toMatchObject({ visitor: shop.deliveries[0]?.visitor, visit_code: '' });
});

/** Deletes, and keeps nothing new. */
const fullStorage = `{
  const real = localStorage;
  const value = new Proxy(real, {
    get: (_, key) => real[key],
    set() { throw new Error('quota'); },
    deleteProperty: (_, key) => delete real[key],
  });
  Object.defineProperty(window, 'localStorage', { value });
}`;

const breakages: [string, string][] = [
  ['localStorage throws', "Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied'); } })"],
  ['localStorage is full', fullStorage],
  [
    'cookies throw',
    "Object.defineProperty(document, 'cookie', { get() { throw new Error(); }, set() { throw new Error(); } })",
  ],
  [
    'neither cookies nor localStorage work',
    `Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied'); } });
     Object.defineProperty(document, 'cookie', { get() { return ''; }, set() {} })`,
  ],
];

test.each(breakages)('where %s, events of a page still share a visitor and a visit', async (_, breakage) => {
  const { page } = await shop.visitor();
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));
  await page.addInitScript(breakage);
  await open(page);
  await page.evaluate("throughline('goal', { props: { name: 'spin' } })");
  await shop.settled(page);
  expect(shop.events().map((event) => event.type)).toEqual(['pageview', 'goal']);
  expect(visitors()).toHaveLength(1);
  expect(new Set(shop.events().map((event) => event.visit)).size).toBe(1);
  expect(errors).toEqual([]);
});

test('a visit begun after localStorage has become full is remembered on the page', async () => {
  const { page } = await shop.visitor();
  await page.addInitScript("Object.defineProperty(document, 'cookie', { get() { return ''; }, set() {} })");
  await open(page);
  await page.evaluate(fullStorage);
  await page.evaluate('{ const now = Date.now; Date.now = () => now() + 1860000; }');
  await page.evaluate("throughline('checkout'); throughline('goal', { props: { name: 'spin' } })");
  await shop.settled(page);
  const [first, second, third] = shop.events().map((event) => event.visit);
  expect(second).not.toBe(first);
  expect(third).toBe(second);
});

test('data-domain keeps the cookies on the host a shop rents from a platform', async () => {
  const { page, context } = await shop.visitor();
  shop.page('/rented', '', shop.tag('data-domain="shop.platform.test"'));
  await page.goto(shop.site.url('shop.platform.test', '/rented'));
  await shop.settled(page);
  expect((await context.cookies()).map((cookie) => cookie.domain)).toEqual(['.shop.platform.test']);
});

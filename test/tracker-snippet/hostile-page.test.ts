import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type Shop, useShop } from './shop.ts';

let shop: Shop;

useShop((opened) => {
  shop = opened;
});

function errorsOf(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    // A failed request is the browser's own line, not an error of the script.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      errors.push(message.text());
  });
  return errors;
}

test('a strict content security policy that names our origin is enough', async () => {
  const { page } = await shop.visitor();
  const errors = errorsOf(page);
  const stats = shop.site.url('stats.shop.test', '');
  shop.site.on('/strict', () => ({
    headers: {
      'content-type': 'text/html',
      'content-security-policy': `default-src 'none'; script-src ${stats}; connect-src ${stats}; require-trusted-types-for 'script'`,
    },
    body: `<!doctype html><title>Strict</title>${shop.tag()}<form id="callback" method="post"></form>`,
  }));
  await page.goto(shop.site.url('shop.test', '/strict'));
  await shop.site.until(() => shop.events('pageview').length === 1, 'the page arrives');
  await page.waitForFunction("document.querySelector('[name=throughline_visit_code]')?.value");
  expect(errors).toEqual([]);
});

test('a policy that forbids the requests costs the page nothing but the events', async () => {
  const { page } = await shop.visitor();
  const thrown: string[] = [];
  page.on('pageerror', (error) => thrown.push(String(error)));
  const stats = shop.site.url('stats.shop.test', '');
  shop.site.on('/closed', () => ({
    headers: { 'content-type': 'text/html', 'content-security-policy': `default-src 'none'; script-src ${stats}` },
    body: `<!doctype html><title>Closed</title>${shop.tag()}`,
  }));
  await page.goto(shop.site.url('shop.test', '/closed'));
  expect((await shop.ids(page)).visit_code).toBe('');
  expect(thrown).toEqual([]);
  expect(shop.deliveries).toEqual([]);
});

const deadly: [string, string][] = [
  ['JSON.stringify throws', "JSON.stringify = () => { throw new Error('broken'); }"],
  ['fetch is gone', 'window.fetch = undefined'],
  ['fetch throws', 'window.fetch = () => { throw new Error("broken"); }'],
  ['throughline is not ours to set', "Object.defineProperty(window, 'throughline', { value: 5 })"],
];

const survivable: [string, string][] = [
  ['there is no crypto', "Object.defineProperty(window, 'crypto', { value: undefined })"],
  ['JSON.parse throws', "JSON.parse = () => { throw new Error('broken'); }"],
  ['there is no MutationObserver', 'window.MutationObserver = undefined'],
  ['history is frozen', 'Object.defineProperty(window, "navigation", { value: undefined }); Object.freeze(history)'],
  ['the queue of the stub is not a queue', 'window.throughline = () => {}; throughline.q = 5'],
];

test.each([...deadly, ...survivable])('a page where %s sees no error of ours', async (_, breakage) => {
  const { page } = await shop.visitor();
  const errors = errorsOf(page);
  await page.addInitScript(breakage);
  shop.page('/', '<form method="post" action="/send"><button>Go</button></form>');
  shop.site.on('/send', '<!doctype html>Sent');
  await page.goto(shop.site.url('shop.test'), { waitUntil: 'load' });
  await page.evaluate("typeof throughline === 'function' && throughline('goal', { props: { step: 1 } })");
  await page.evaluate("history.pushState({}, '', '/cart')");
  await Promise.all([page.waitForURL(/send/), page.click('button')]);
  expect(errors).toEqual([]);
});

test.each(survivable)('a page where %s is still told', async (_, breakage) => {
  const { page } = await shop.visitor();
  await page.addInitScript(breakage);
  shop.page('/', '<form id="callback" method="post"><button>Go</button></form>');
  await page.goto(shop.site.url('shop.test'));
  await page.evaluate("addEventListener('submit', (event) => event.preventDefault())");
  await shop.site.until(() => shop.events('pageview').length === 1, 'the page arrives');
  await page.click('button');
  await shop.site.until(() => shop.events('form_submit').length === 1, 'the submit arrives');
  expect(await page.locator('form input').count()).toBe(9);
});

test('what the page puts into Object.prototype is not sent', async () => {
  const { page } = await shop.visitor();
  await page.addInitScript(
    "Object.prototype.colour = 'red'; Array.prototype.last = function () { return this[this.length - 1]; }",
  );
  shop.page('/', '<form id="callback" method="post"></form>');
  await page.goto(shop.site.url('shop.test'));
  await shop.settled(page);
  expect(shop.events('pageview')).toHaveLength(1);
  expect(shop.deliveries.map(({ request }) => request.body).join()).not.toContain('red');
  expect(await page.locator('form input').count()).toBe(9);
});

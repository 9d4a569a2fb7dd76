import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { expectSentOnce } from './sent-events.ts';
import { openShop, type Shop } from './shop.ts';
import { browseUnattended, type UnattendedBrowser } from './unattended-browser.ts';
import { wholeTag } from './whole-tag.ts';

let shop: Shop;
let browser: UnattendedBrowser;

beforeAll(async () => {
  shop = await openShop();
});
afterEach(() => browser.close());
afterAll(() => shop.close());

const at = (path: string): string => shop.site.url('shop.test', path);
const pages = () => shop.events('pageview').map(({ url, referrer, visit }) => ({ url, referrer, visit }));

test('a page that the browser prepares in advance counts once it is shown, in the visit of the page before it', async () => {
  const rules = '<script type="speculationrules">{"prerender":[{"urls":["/next"],"eagerness":"immediate"}]}</script>';
  const goOnWhenTold = "<script>fetch('/told').then(() => document.querySelector('a').click())</script>";
  const sayReady = "<script>addEventListener('load', () => fetch('/ready', { method: 'POST' }))</script>";
  shop.page('/', `<a href="/next">on</a>${goOnWhenTold}`, rules + wholeTag(shop));
  shop.page('/next', '', wholeTag(shop) + sayReady);
  let show = () => {};
  const shown = new Promise<void>((resolve) => {
    show = resolve;
  });
  shop.site.on('/told', async () => {
    await shown;
    return { body: 'ok' };
  });
  shop.site.on('/ready', () => ({ body: 'ok' }));

  browser = await browseUnattended(at('/?utm_source=vk'));
  const ready = () => shop.site.seen.find(({ path }) => path === '/ready');
  await shop.site.until(() => shop.events('pageview').length > 0 && ready() !== undefined, 'both pages are loaded');
  expect(ready()?.headers['sec-purpose']).toContain('prerender');
  expect(pages()).toMatchObject([{ url: at('/?utm_source=vk') }]);
  show();
  await shop.site.until(() => shop.events('pageview').length > 1, 'the page that is shown arrives');
  const [first] = pages();
  expect(pages().slice(1)).toEqual([{ url: at('/next'), referrer: at('/?utm_source=vk'), visit: first?.visit }]);
  expect(shop.site.seen.filter(({ path }) => path === '/next')).toHaveLength(1);
  expectSentOnce(shop, 0, 2);
});

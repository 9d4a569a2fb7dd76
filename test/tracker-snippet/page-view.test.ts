import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { type Shop, useShop } from './shop.ts';

let shop: Shop;

useShop((opened) => {
  shop = opened;
});

const at = (path: string): string => shop.site.url('shop.test', path);

async function open(page: Page, path: string, referer?: string): Promise<void> {
  shop.page(path.replace(/[?#].*$/, ''));
  await page.goto(at(path), referer ? { referer } : {});
  await shop.settled(page);
}

const pages = () => shop.events('pageview').map(({ url, referrer }) => ({ url, referrer }));

test('a page is told once, with its whole address, the referrer and the title', async () => {
  const { page } = await shop.visitor();
  await open(page, '/sale?UTM_Source=%D1%8F&yclid=9007199254740993#top', 'http://yandex.test/search?text=shoes');
  expect(shop.deliveries[0]?.site).toBe(shop.siteKey);
  expect(shop.events()).toHaveLength(1);
  expect(shop.events()[0]).toMatchObject({
    type: 'pageview',
    url: at('/sale?UTM_Source=%D1%8F&yclid=9007199254740993#top'),
    referrer: 'http://yandex.test/search?text=shoes',
    title: 'Page /sale',
  });
});

test('the request is a plain-text post with cookies, to the origin of the script', async () => {
  const { page } = await shop.visitor();
  await open(page, '/');
  const request = shop.deliveries[0]?.request;
  expect(request).toMatchObject({ method: 'POST', host: 'stats.shop.test', path: '/collect' });
  expect(request?.headers['content-type']).toMatch(/^text\/plain/);
  expect(request?.headers.cookie).toContain('tl_visitor=');
  expect(shop.site.seen.filter((seen) => seen.method === 'OPTIONS')).toEqual([]);
});

test('a script under a neutral name sends beside itself, and brings the second script from there', async () => {
  const { page } = await shop.visitor();
  const script = shop.site.url('shop.test', '/a/app.js?v=2');
  for (const [neutral, usual] of [
    ['/a/app.js', '/t.js'],
    ['/a/app-more.js', '/t-more.js'],
    ['/a/app', '/collect'],
  ] as const)
    shop.site.as(neutral, usual);
  shop.page('/', '', `<script async src="${script}" data-site="${shop.siteKey}" data-calls></script>`);
  await page.goto(at('/'));
  await shop.settled(page);
  expect(shop.deliveries[0]?.request.path).toBe('/a/app');
  await shop.site.until(
    () => shop.site.seen.some(({ path }) => path === '/a/app-more.js'),
    'the second script is asked for',
  );
});

test('data-endpoint sends the events elsewhere', async () => {
  const { page } = await shop.visitor();
  shop.page('/', '', shop.tag(`data-endpoint="${shop.site.url('shop.test', '/collect')}"`));
  await page.goto(at('/'));
  await shop.settled(page);
  expect(shop.deliveries.map(({ request }) => request.host)).toEqual(shop.deliveries.map(() => 'shop.test'));
});

test('a script added long after the load still tells the page, once', async () => {
  const { page } = await shop.visitor();
  shop.page('/', '', '');
  await page.goto(at('/'));
  for (let time = 0; time < 2; time++) {
    await page.evaluate(`new Promise((resolve) => {
      const script = document.createElement('script');
      script.src = '${shop.site.url('stats.shop.test', '/t.js')}';
      script.dataset.site = '${shop.siteKey}';
      script.onload = resolve;
      document.head.append(script);
    })`);
  }
  await shop.settled(page);
  expect(pages()).toEqual([{ url: at('/'), referrer: '' }]);
});

test('a tag without a site key sends nothing and leaves nothing behind', async () => {
  const { page, context } = await shop.visitor();
  shop.page('/', '', `<script src="${shop.site.url('stats.shop.test', '/t.js')}"></script>`);
  await page.goto(at('/'));
  expect(await page.evaluate('typeof throughline')).toBe('undefined');
  expect(await context.cookies()).toEqual([]);
  expect(shop.deliveries).toEqual([]);
});

test('tags that the site tidied out of the address before the script came are told, and are not a second page', async () => {
  const { page } = await shop.visitor();
  shop.page('/', '', `<script>history.replaceState({}, '', '/?page=2')</script>${shop.tag()}`);
  await page.goto(at('/?page=2&utm_source=vk'));
  await shop.settled(page);
  expect(pages().map(({ url }) => url)).toEqual([at('/?page=2&utm_source=vk')]);
});

test('tidying the tags away after the script came is not a second page', async () => {
  const { page } = await shop.visitor();
  await open(page, '/?utm_source=vk&page=2');
  await page.evaluate("history.replaceState({}, '', '/?page=2')");
  await shop.settled(page);
  expect(pages()).toHaveLength(1);
});

test('a prerendered page counts when it is shown, not before', async () => {
  const { page } = await shop.visitor();
  await page.addInitScript("Object.defineProperty(document, 'prerendering', { value: true, configurable: true })");
  shop.page('/');
  await page.goto(at('/'));
  await page.waitForFunction('window.throughline && throughline.isLoaded');
  await page.evaluate("throughline('goal', { props: { name: 'early' } })");
  expect(await page.evaluate('document.cookie')).toBe('');
  expect(shop.deliveries).toEqual([]);
  await page.evaluate(
    "Object.defineProperty(document, 'prerendering', { value: false }); document.dispatchEvent(new Event('prerenderingchange'))",
  );
  await shop.settled(page);
  expect(shop.events().map(({ type }) => type)).toEqual(['pageview', 'goal']);
});

test('a page that Back restores from memory counts again', async () => {
  const { page } = await shop.visitor();
  await open(page, '/');
  await page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
  await shop.settled(page);
  expect(pages()).toHaveLength(2);
});

describe('on a single-page site', () => {
  async function openSinglePage(page: Page): Promise<void> {
    await open(page, '/', 'http://yandex.test/');
  }

  test('every move is a page whose referrer is the previous page', async () => {
    const { page } = await shop.visitor();
    await openSinglePage(page);
    await page.evaluate("history.pushState({}, '', '/catalog?size=40')");
    await page.evaluate("history.replaceState({}, '', '/catalog?size=41')");
    await page.evaluate("history.pushState({}, '', '/cart'); document.title = 'Cart'");
    await shop.settled(page);
    expect(pages()).toEqual([
      { url: at('/'), referrer: 'http://yandex.test/' },
      { url: at('/catalog?size=40'), referrer: at('/') },
      { url: at('/catalog?size=41'), referrer: at('/catalog?size=40') },
      { url: at('/cart'), referrer: at('/catalog?size=41') },
    ]);
    expect(shop.events('pageview').at(-1)?.title).toBe('Cart');
  });

  test('Back and Forward are pages', async () => {
    const { page } = await shop.visitor();
    await openSinglePage(page);
    await page.evaluate("history.pushState({}, '', '/catalog')");
    await page.goBack();
    await page.goForward();
    await shop.settled(page);
    expect(pages().map(({ url }) => url)).toEqual([at('/'), at('/catalog'), at('/'), at('/catalog')]);
  });

  test('a change of the fragment or of the state alone is not a page', async () => {
    const { page } = await shop.visitor();
    await openSinglePage(page);
    await page.evaluate("location.hash = 'reviews'");
    await page.evaluate("history.pushState({}, '', '#delivery')");
    await page.evaluate("history.replaceState({ scroll: 5 }, '')");
    await page.goBack();
    await shop.settled(page);
    expect(pages()).toHaveLength(1);
  });

  test('tags on a move inside the site do not begin a visit', async () => {
    const { page } = await shop.visitor();
    await openSinglePage(page);
    await page.evaluate("history.pushState({}, '', '/sale?utm_source=banner')");
    await shop.settled(page);
    expect(pages()).toHaveLength(2);
    expect(new Set(shop.events().map((event) => event.visit)).size).toBe(1);
  });

  test('the patches of the page before and after ours go on working', async () => {
    const { page } = await shop.visitor();
    const patch = `{
      const original = history.pushState;
      window.calls = window.calls || [];
      history.pushState = function (...args) { window.calls.push(args[2]); return original.apply(this, args); };
    }`;
    await page.addInitScript(patch);
    await openSinglePage(page);
    await page.evaluate(patch);
    await page.evaluate("history.pushState({ step: 1 }, '', '/cart')");
    await shop.settled(page);
    expect(await page.evaluate('calls')).toEqual(['/cart', '/cart']);
    expect(await page.evaluate('history.state')).toEqual({ step: 1 });
    expect(pages()).toHaveLength(2);
  });

  test('an error of pushState reaches the page as before, and is not a page', async () => {
    const { page } = await shop.visitor();
    await openSinglePage(page);
    const thrown = "try { history.pushState({}, '', 'https://elsewhere.test/'); 'none' } catch (error) { error.name }";
    expect(await page.evaluate(thrown)).toBe('SecurityError');
    await shop.settled(page);
    expect(pages()).toHaveLength(1);
  });

  test('a browser without the Navigation API tells a move as the page changes with it', async () => {
    const { page } = await shop.visitor();
    await page.addInitScript("Object.defineProperty(window, 'navigation', { value: undefined })");
    await openSinglePage(page);
    for (const [count, move] of ["history.pushState({}, '', '/cart')", 'history.back()'].entries()) {
      await page.evaluate(`${move}; setTimeout(() => document.body.append('drawn'), 100)`);
      await shop.site.until(() => pages().length === count + 2, 'the move arrives');
    }
    expect(pages().map(({ url }) => url)).toEqual([at('/'), at('/cart'), at('/')]);
  });
});

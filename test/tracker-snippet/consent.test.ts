import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type Shop, useShop } from './shop.ts';

let shop: Shop;

useShop((opened) => {
  shop = opened;
});

const at = (path: string, host = 'shop.test'): string => shop.site.url(host, path);

async function open(page: Page, attributes = '', path = '/'): Promise<void> {
  shop.page(
    path,
    '<form id="order" method="post" action="/sent"><input name="phone"><button>Go</button></form><b data-throughline-code>–</b>',
    shop.tag(attributes),
  );
  await page.goto(at(path));
  await page.waitForFunction('window.throughline && throughline.isLoaded');
}

test.each(["'update', { analytics_storage: 'granted' }", 'undefined', "'Granted'", 'true', "'pending'"])(
  'consent(%s) is no decision: it is told to be none, and nothing changes',
  async (said) => {
    const { page, context } = await shop.visitor();
    await open(page, 'data-consent="pending"');
    await page.evaluate(`throughline('consent', ${said})`);
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 400))');
    expect(shop.deliveries).toEqual([]);
    expect(await context.cookies()).toEqual([]);
    await page.evaluate("throughline('consent', 'granted')");
    await shop.settled(page);
    expect(shop.events('pageview')).toHaveLength(1);
    expect(shop.deliveries.every(({ consent }) => consent === undefined)).toBe(true);
    expect(shop.deliveries.flatMap(({ rejected }) => rejected)).toHaveLength(1);
  },
);

test.each(['denied', 'opt_out'])(
  'after %s forms, links and cookies have nothing of the person any more',
  async (said) => {
    const { page, context } = await shop.visitor();
    await open(page, 'data-roistat');
    await shop.settled(page);
    const { visitor, visit, visit_code: code } = await shop.ids(page);
    await page.waitForFunction(`document.querySelector('[name=throughline_visit_code]')?.value === '${code}'`);
    await context.addCookies([{ name: '_ym_uid', value: '1601234567890', domain: '.shop.test', path: '/' }]);
    await page.evaluate(`throughline('consent', '${said}')`);
    await page.waitForFunction("document.querySelector('[name=throughline_visit_code]').value === ''");
    await page.evaluate("document.querySelector('form').requestSubmit()");
    await page.waitForURL(at('/sent'));
    const sent = new URLSearchParams(
      shop.site.seen.find(({ path, method }) => path === '/sent' && method === 'POST')?.body,
    );
    const told = [...sent].filter(([, value]) => value !== '').map(([name]) => name);
    expect(told).toEqual([]);
    const kept = JSON.stringify(await context.cookies(at('/')));
    for (const id of [visitor, visit, `"${code}"`]) expect(kept).not.toContain(id);
  },
);

test('consent that is given on the second page brings the ad of the first', async () => {
  const { page } = await shop.visitor();
  shop.page('/landing', '<a href="/two">Two</a>', shop.tag('data-consent="pending"'));
  shop.page('/two', '<form method="post"><input name="phone"></form>', shop.tag('data-consent="pending"'));
  await page.goto(at('/landing?utm_source=yandex&utm_medium=cpc&yclid=5'));
  await page.click('a');
  await page.waitForFunction('window.throughline && throughline.isLoaded');
  await page.evaluate("throughline('consent', 'granted')");
  await shop.settled(page);
  const source = "document.querySelector('[name=throughline_source]')?.value";
  await page.waitForFunction(source);
  expect(await page.evaluate(source)).toBe('utm_medium=cpc&utm_source=yandex&yclid=5');
});

test.each(['pending', 'denied'])('whoever asks for the ids under consent %s is answered', async (state) => {
  const { page } = await shop.visitor();
  await open(page, `data-consent="${state}"`);
  expect((await shop.ids(page)).visit_code).toBe('');
});

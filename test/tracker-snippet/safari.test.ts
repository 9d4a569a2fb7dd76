import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { totals } from '../app/support/ask.ts';
import { waitFor } from '../app/support/wait-for.ts';
import { openRealCollector, type RealCollector } from './real-collector.ts';

let real: RealCollector;

beforeAll(async () => {
  real = await openRealCollector();
});
afterAll(() => real.close());

const at = (path: string): string => real.shop.site.url('shop.test', path);
const serverCookie = 'tl_vid';

/** Opens a page and tells whom its first batch named, and who the page knows it is once the collector has answered. */
async function open(page: Page, path: string): Promise<{ named: unknown; known: string }> {
  const request = page.waitForRequest((sent) => sent.method() === 'POST' && sent.url().endsWith('/collect'));
  await page.goto(at(path));
  const { visitor: named } = (await request).postDataJSON();
  await (await request).response();
  return { named, known: (await real.shop.ids(page)).visitor };
}

/** What Safari does after seven days: all that scripts have kept is gone, what a server has set stays, unless `also` goes too. */
async function forget(page: Page, context: BrowserContext, also = ''): Promise<void> {
  await page.goto(at('/bare'));
  await page.evaluate('localStorage.clear(); sessionStorage.clear()');
  for (const { name } of await context.cookies())
    if (name !== serverCookie || also === serverCookie) await context.clearCookies({ name });
}

test('a visitor whom the browser has made forget everything but the cookie of the server is the same, counted once', async () => {
  const { shop, product } = real;
  shop.page('/bare', '', '');
  for (const path of ['/', '/catalog', '/cart']) shop.page(path, '', real.tag());

  const lasting = await shop.visitor();
  const first = await open(lasting.page, '/?utm_source=vk');
  expect(first.named).toBe(first.known);
  expect((await lasting.context.cookies()).find(({ name }) => name === serverCookie)).toMatchObject({
    value: first.known,
    domain: 'stats.shop.test',
    httpOnly: true,
    sameSite: 'Lax',
  });
  await forget(lasting.page, lasting.context);
  const second = await open(lasting.page, '/catalog');
  expect(second.named).not.toBe(first.known);
  expect(second.known).toBe(first.known);
  expect(await open(lasting.page, '/cart')).toEqual({ named: first.known, known: first.known });

  const forgotten = await shop.visitor();
  const before = await open(forgotten.page, '/');
  await forget(forgotten.page, forgotten.context, serverCookie);
  expect((await open(forgotten.page, '/catalog')).known).not.toBe(before.known);

  const counted = () => totals(product.url, 'pageviews,visitors,visits');
  await waitFor('the pages to be counted', async () => Number((await counted())['pageviews']) >= 5);
  expect(await counted()).toEqual({ pageviews: 5, visitors: 3, visits: 3 });
  const rows = await product.warehouse.query<{ visitor: string; pages: string[] }>(
    `SELECT toString(visitor_id) AS visitor, arraySort(groupUniqArray(path(url))) AS pages FROM raw_events
     WHERE type = 'pageview' GROUP BY visitor_id ORDER BY length(pages) DESC, pages LIMIT 1`,
  );
  expect(rows).toEqual([{ visitor: first.known, pages: ['/', '/cart', '/catalog'] }]);
});

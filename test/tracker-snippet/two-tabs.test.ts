import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { expectCountedOnce, expectSentOnce } from './sent-events.ts';
import { type Shop, useShop } from './shop.ts';
import { passed } from './watch-page.ts';
import { wholeTag } from './whole-tag.ts';

const minuteMs = 60_000;

let shop: Shop;

useShop((opened) => {
  shop = opened;
});

const at = (path: string): string => shop.site.url('shop.test', path);
const isLoaded = 'window.throughline && throughline.isLoaded';

interface Tabs {
  context: BrowserContext;
  one: Page;
  two: Page;
}

/** Two tabs of a person: the second is opened by a link of the first, as "in a new tab" does. */
async function openTabs(attributes = ''): Promise<Tabs> {
  const { context, page: one } = await shop.visitor();
  await context.clock.install();
  const body = '<form method="post"></form><b data-throughline-code></b>';
  for (const path of ['/', '/two']) shop.page(path, body, wholeTag(shop, attributes));
  await one.goto(`${at('/')}?utm_source=vk`);
  await one.waitForFunction(isLoaded);
  const [two] = await Promise.all([context.waitForEvent('page'), one.evaluate("void window.open('/two')")]);
  await two.waitForFunction(isLoaded);
  return { context, one, two };
}

const tell = (page: Page, name: string) => page.evaluate(`throughline('goal', { props: { name: '${name}' } })`);
const goals = (name: string) => shop.events('goal').filter(({ props }) => props?.name === name);

/** No cookie tells who it was. */
async function expectForgotten(context: BrowserContext, { visitor, visit }: { visitor: string; visit: string }) {
  const cookies = JSON.stringify(await context.cookies());
  expect(cookies).not.toContain(visitor);
  expect(cookies).not.toContain(visit);
}

test('two tabs are one visitor and one visit, show the same code and fill forms alike', async () => {
  const { one, two } = await openTabs();
  await shop.settled(one);
  await shop.settled(two);
  const ids = await shop.ids(one);
  expect(await shop.ids(two)).toEqual(ids);
  for (const page of [one, two]) {
    await page.waitForFunction(`document.querySelector('b').textContent === '${ids.visit_code}'`);
    expect(await page.inputValue('[name=throughline_visit_code]')).toBe(ids.visit_code);
  }
  expect(new Set(shop.deliveries.map(({ visitor }) => visitor)).size).toBe(1);
  expect(new Set(shop.events().map(({ visit }) => visit)).size).toBe(1);
  expect(shop.events('pageview')).toHaveLength(2);
});

test('what waits in two tabs is sent by one of them', async () => {
  const { context, one, two } = await openTabs();
  await shop.settled(one);
  await shop.settled(two);
  shop.refuse = () => ({ status: 503 });
  const before = shop.deliveries.length;
  for (const [name, page] of Object.entries({ one, two })) await tell(page, name);
  await context.clock.fastForward(minuteMs);
  await shop.site.until(() => shop.deliveries.length > before, 'a batch is refused');
  for (const page of [one, two]) await passed(page);
  const refusals = shop.deliveries.length;
  shop.refuse = undefined;
  await context.clock.fastForward(20 * minuteMs);
  await shop.site.until(() => goals('one').length + goals('two').length === 2, 'both events arrive');
  // The tab that sent them has heard so: what is on its way is left alone for half a minute, which is about to pass.
  for (const page of [one, two]) await passed(page);
  await context.clock.fastForward(20 * minuteMs);
  await shop.settled(one);
  await shop.settled(two);
  expectSentOnce(shop, refusals, 2);
  expectCountedOnce(shop, 4);
});

describe('a decision in one tab holds in the other:', () => {
  test('a refusal: what it tells from then on has no person', async () => {
    const { context, one, two } = await openTabs();
    await shop.settled(two);
    const ids = await shop.ids(one);
    await one.evaluate("throughline('consent', 'denied')");
    await passed(two);
    const before = shop.deliveries.length;
    await tell(two, 'after');
    await shop.site.until(() => shop.deliveries.length > before, 'the event arrives');
    expect(shop.deliveries.slice(before).map(({ consent, visitor }) => [consent, visitor])).toEqual([['denied', '']]);
    await expectForgotten(context, ids);
  });

  test('an objection: it tells nothing any more', async () => {
    const { context, one, two } = await openTabs();
    await shop.settled(two);
    const ids = await shop.ids(one);
    await one.evaluate("throughline('consent', 'opt_out')");
    await passed(two);
    const before = shop.deliveries.length;
    await tell(two, 'after');
    await context.clock.fastForward(minuteMs);
    await passed(two);
    expect(shop.deliveries).toHaveLength(before);
    await expectForgotten(context, ids);
  });

  test('a permission: its page goes out too, of the same visitor, and both agree', async () => {
    const { context, one, two } = await openTabs('data-consent="pending"');
    await context.clock.fastForward(minuteMs);
    await passed(two);
    expect(shop.deliveries).toEqual([]);
    await one.evaluate("throughline('consent', 'granted')");
    await passed(two);
    await tell(two, 'after');
    await context.clock.fastForward(minuteMs);
    await shop.site.until(() => goals('after').length === 1, 'the event of the other tab arrives');
    expect(shop.events('pageview').map(({ url }) => new URL(url).pathname)).toEqual(['/', '/two']);
    expect(new Set(shop.deliveries.map(({ visitor }) => visitor)).size).toBe(1);
    expect(await shop.ids(two)).toEqual(await shop.ids(one));
  });
});

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { type Shop, useShop } from './shop.ts';

let shop: Shop;

useShop((opened) => {
  shop = opened;
});

/** Opens an address of the shop as if a link on `from` had been followed; resolves when its pageview has arrived. */
async function arrive(page: Page, path: string, from?: string, host = 'shop.test'): Promise<void> {
  shop.page(path.replace(/[?#].*$/, ''));
  await page.goto(shop.site.url(host, path), from ? { referer: from } : {});
  await shop.settled(page);
}

const visits = (): string[] => shop.events('pageview').map((event) => event.visit ?? '');
const visitCount = (): number => new Set(visits()).size;

/** Moves the clock of every page the context opens from now on. */
const laterBy = (page: Page, minutes: number) =>
  page.context().addInitScript(`{ const now = Date.now; Date.now = () => now() + ${minutes * 60_000}; }`);

describe('a visit begins', () => {
  test('with the first page, and the next pages continue it', async () => {
    const { page } = await shop.visitor();
    await arrive(page, '/');
    await arrive(page, '/catalog', shop.site.url('shop.test'));
    await arrive(page, '/cart', shop.site.url('shop.test', '/catalog'));
    expect(visits()).toHaveLength(3);
    expect(visitCount()).toBe(1);
  });

  test('after thirty minutes of silence', async () => {
    const { page } = await shop.visitor();
    await arrive(page, '/');
    await laterBy(page, 31);
    await arrive(page, '/catalog');
    expect(visitCount()).toBe(2);
  });

  test('not after twenty-nine minutes of silence', async () => {
    const { page } = await shop.visitor();
    await arrive(page, '/');
    await laterBy(page, 29);
    await arrive(page, '/catalog');
    expect(visitCount()).toBe(1);
  });

  test('when an event follows thirty minutes of silence on an open page', async () => {
    const { page } = await shop.visitor();
    await arrive(page, '/');
    await page.evaluate('{ const now = Date.now; Date.now = () => now() + 1860000; }');
    await page.evaluate("throughline('add_to_cart', { items: [{ id: 'sku1' }] })");
    await shop.settled(page);
    expect(shop.events('add_to_cart')[0]?.visit).not.toBe(visits()[0]);
  });

  test.each([
    ['UTM tags', '/?utm_source=yandex&utm_campaign=brand', undefined],
    ['UTM tags in capitals', '/?UTM_SOURCE=yandex&Utm_Medium=cpc', undefined],
    ['UTM tags behind the fragment sign', '/#utm_source=vk', undefined],
    ['UTM tags joined by an HTML entity', '/?page=1&amp;utm_source=yandex', undefined],
    ['a click id alone', '/?yclid=15923075829734276511', undefined],
    ['a referrer from another site', '/', 'http://yandex.test/'],
    ['organic search that hides its referrer', '/?ysclid=lq6x6ob87t524695899', undefined],
  ])('when a page is opened with %s', async (_, path, from) => {
    const { page } = await shop.visitor();
    await arrive(page, '/start');
    await arrive(page, path, from);
    expect(visitCount()).toBe(2);
  });

  test('when another campaign brings the visitor back', async () => {
    const { page } = await shop.visitor();
    await arrive(page, '/?utm_source=yandex&yclid=1');
    await arrive(page, '/?utm_source=yandex&yclid=2');
    await arrive(page, '/', 'http://vk.test/');
    expect(visitCount()).toBe(3);
  });
});

describe('a visit goes on', () => {
  test('when its landing is reloaded', async () => {
    const { page } = await shop.visitor();
    await arrive(page, '/?utm_source=yandex&yclid=1', 'http://yandex.test/');
    await page.reload();
    await shop.settled(page);
    expect(visits()).toHaveLength(2);
    expect(visitCount()).toBe(1);
  });

  test('when the same tags come again, in another order and case', async () => {
    const { page } = await shop.visitor();
    await arrive(page, '/?utm_source=yandex&yclid=1');
    await arrive(page, '/catalog', shop.site.url('shop.test'));
    await arrive(page, '/?YCLID=1&UTM_Source=yandex');
    expect(visitCount()).toBe(1);
  });

  test('when Back shows the landing of an earlier source again', async () => {
    const { page } = await shop.visitor();
    await arrive(page, '/?utm_source=yandex', 'http://yandex.test/');
    await arrive(page, '/sale', 'http://vk.test/');
    expect(visitCount()).toBe(2);
    await page.goBack();
    await shop.settled(page);
    expect(visits()).toHaveLength(3);
    expect(visitCount()).toBe(2);
  });

  test('when an internal link carries UTM tags', async () => {
    const { page } = await shop.visitor();
    await arrive(page, '/');
    await arrive(page, '/sale?utm_source=banner', shop.site.url('shop.test'));
    expect(visitCount()).toBe(1);
  });

  test('when the previous page is on www or another subdomain of the shop', async () => {
    const { page } = await shop.visitor();
    await arrive(page, '/');
    await arrive(page, '/sale', shop.site.url('www.shop.test'));
    await arrive(page, '/pay', shop.site.url('m.shop.test', '/?utm_source=banner'));
    expect(visitCount()).toBe(1);
  });

  test('but not when the previous host only ends like the shop', async () => {
    const { page } = await shop.visitor();
    await arrive(page, '/');
    await arrive(page, '/sale', 'http://othershop.test/');
    expect(visitCount()).toBe(2);
  });

  test('on a subdomain of the shop, under the same visitor', async () => {
    const { page } = await shop.visitor();
    await arrive(page, '/?utm_source=yandex', undefined, 'www.shop.test');
    await arrive(page, '/checkout', shop.site.url('www.shop.test'), 'pay.shop.test');
    expect(visitCount()).toBe(1);
    expect(new Set(shop.deliveries.map((delivery) => delivery.visitor)).size).toBe(1);
  });

  test('when the buyer returns from a payment page or a sign-in page', async () => {
    const { page } = await shop.visitor();
    await arrive(page, '/?yclid=1', 'https://yandex.ru/');
    await arrive(page, '/thanks', 'https://yookassa.ru/');
    await arrive(page, '/thanks', 'https://securepay.tinkoff.ru/');
    await arrive(page, '/account', 'https://id.vk.com/');
    expect(visits()).toHaveLength(4);
    expect(visitCount()).toBe(1);
  });

  test('in another tab', async () => {
    const { page, context } = await shop.visitor();
    await arrive(page, '/');
    const tab = await context.newPage();
    await arrive(tab, '/catalog');
    expect(visitCount()).toBe(1);
    expect(await shop.ids(tab)).toEqual(await shop.ids(page));
  });
});

describe('the visit code', () => {
  test('is the one the collector answered, kept with the visit', async () => {
    const { page } = await shop.visitor();
    await arrive(page, '/');
    const first = await shop.ids(page);
    expect(first.visit_code).toMatch(/^\d+$/);
    await arrive(page, '/catalog', shop.site.url('shop.test'));
    expect(await shop.ids(page)).toEqual(first);
  });

  test('of an ended visit is not told for the next one', async () => {
    const { page } = await shop.visitor();
    await arrive(page, '/');
    const first = await shop.ids(page);
    await arrive(page, '/?utm_source=vk');
    const second = await shop.ids(page);
    expect(second.visit_code).not.toBe(first.visit_code);
    expect(second.visitor).toBe(first.visitor);
  });

  test('answered for another visit is not taken', async () => {
    const { page } = await shop.visitor();
    shop.refuse = ({ visitor }) => ({
      status: 200,
      body: JSON.stringify({ visitor, visit: '11111111-1111-4111-8111-111111111111', visit_code: '424' }),
    });
    shop.page('/');
    await page.goto(shop.site.url('shop.test'));
    expect((await shop.ids(page)).visit_code).toBe('');
  });
});

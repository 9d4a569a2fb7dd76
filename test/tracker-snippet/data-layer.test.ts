import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { type Shop, useShop } from './shop.ts';

let shop: Shop;

useShop((opened) => {
  shop = opened;
});

const at = (path: string, host = 'shop.test'): string => shop.site.url(host, path);

async function open(head: string): Promise<Page> {
  const { page } = await shop.visitor();
  shop.page('/', `<script>${head}</script>`);
  await page.goto(at('/'));
  await shop.settled(page);
  return page;
}

const purchase =
  "{ event: 'purchase', ecommerce: { transaction_id: 'A-1', value: 5000, currency: 'RUB', items: [{ item_id: 'b' }] } }";
const orders = () => shop.events('purchase').map(({ order }) => order?.id);

describe('an order is told', () => {
  test.each([
    ['a list with nothing in it', "{ event: 'view_item', ecommerce: { items: [null] } }"],
    ['goods that are no list', '{ ecommerce: { detail: { products: { sku: 1 } } } }'],
    ['a field that throws', "{ get ecommerce() { throw new Error('of the page') } }"],
    ['the usual clearing', '{ ecommerce: null }'],
    ['nothing at all', 'null'],
  ])('after %s, before the tag and while it runs', async (_, odd) => {
    const page = await open(`dataLayer = [${odd}, ${purchase.replace('A-1', 'A-0')}, ${odd}]`);
    await page.evaluate(`dataLayer.push(${odd}); dataLayer.push(${odd}, ${purchase})`);
    await shop.settled(page);
    expect(orders()).toEqual(['A-0', 'A-1']);
  });

  test('that names no goods', async () => {
    const page = await open('dataLayer = []');
    await page.evaluate(
      "dataLayer.push({ event: 'purchase', ecommerce: { transaction_id: 'A-1', value: 5000, currency: 'RUB' } })",
    );
    await shop.settled(page);
    expect(shop.events('purchase')[0]?.order).toEqual({ id: 'A-1', amount: '5000', currency: 'RUB' });
  });

  test('in the moment before the page is left', async () => {
    const { page } = await shop.visitor();
    shop.page('/', '<script>dataLayer = []</script>');
    shop.page('/bare', '', '');
    await page.goto(at('/'));
    await page.waitForFunction('window.throughline && throughline.isLoaded');
    await page.evaluate(`dataLayer.push(${purchase}); location.href = '/bare'`);
    await shop.site.until(() => orders().length > 0, 'the order arrives');
    expect(orders()).toEqual(['A-1']);
  });
});

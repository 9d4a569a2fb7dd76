import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { eventTypes as domainEventTypes } from '../../domain/event.ts';
import { eventTypes } from '../../tracker-snippet/wire-event.ts';
import { type Shop, useShop } from './shop.ts';

let shop: Shop;

useShop((opened) => {
  shop = opened;
});

const stub =
  '<script>window.throughline = window.throughline || function () { (throughline.q = throughline.q || []).push(arguments) }</script>';

async function open(page: Page, attributes = ''): Promise<string[]> {
  const warnings: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'warning') warnings.push(message.text());
  });
  page.on('pageerror', (error) => warnings.push(`thrown: ${error}`));
  shop.page('/', '', shop.tag(attributes));
  await page.goto(shop.site.url('shop.test'));
  await shop.settled(page);
  return warnings;
}

const own = () => shop.events().filter(({ type }) => type !== 'pageview');

test('the snippet knows the event types of the collector', () => {
  expect(eventTypes).toEqual(domainEventTypes);
});

test('every event type is sent as called', async () => {
  const { page } = await shop.visitor();
  await open(page);
  for (const type of domainEventTypes) await page.evaluate(`throughline('${type}')`);
  await shop.settled(page);
  expect(shop.events().map(({ type }) => type)).toEqual(['pageview', ...domainEventTypes]);
  expect(new Set(shop.events().map(({ id }) => id)).size).toBe(domainEventTypes.length + 1);
});

test('a cart and a purchase carry their goods and money', async () => {
  const { page } = await shop.visitor();
  await open(page);
  const items = [{ id: 'sku1', name: 'Сапоги', price: 990.5, quantity: 2 }];
  await page.evaluate(`throughline('add_to_cart', { items: ${JSON.stringify(items)}, props: { list: 'sale' } })`);
  await page.evaluate(
    `throughline('purchase', { order: { id: 'A-17', amount: 1981, currency: 'RUB' }, items: ${JSON.stringify(items)} })`,
  );
  await shop.settled(page);
  const sent = shop.deliveries.map(({ request }) => request.body).join();
  expect(sent).toContain(`"items":${JSON.stringify(items)},"props":{"list":"sale"}`);
  expect(sent).toContain('"order":{"id":"A-17","amount":1981,"currency":"RUB"}');
  expect(own().map(({ type }) => type)).toEqual(['add_to_cart', 'purchase']);
});

test('identify sends the four keys of a person as the site gave them, and nothing else of the person', async () => {
  const { page } = await shop.visitor();
  await open(page);
  await page.evaluate(
    "throughline('identify', { phone: '+7 916 123-45-67', email: 'A@B.ru', id: 'c1', ym_client_id: '17', password: 'x' })",
  );
  await shop.settled(page);
  expect(own()[0]).toMatchObject({
    type: 'identify',
    user: { phone: '+7 916 123-45-67', email: 'A@B.ru', id: 'c1', ym_client_id: '17' },
  });
  expect(shop.deliveries.map(({ request }) => request.body).join()).not.toContain('password');
});

test('an object that the page changes after the call is sent as it was', async () => {
  const { page } = await shop.visitor();
  await open(page);
  await page.evaluate("{ const props = { step: 1 }; throughline('goal', { props }); props.step = 2; }");
  await shop.settled(page);
  expect(own()[0]?.props).toEqual({ step: 1 });
});

test('calls made before the script has come are sent in their order, after the page', async () => {
  const { page } = await shop.visitor();
  const calls = `<script>
    throughline('product_view', { items: [{ id: 'sku1' }] });
    throughline('add_to_cart', { items: [{ id: 'sku1' }] });
    throughline('get', function (ids) { window.told = ids; });
    throughline('checkout');
  </script>`;
  shop.page('/', '', stub + calls + shop.tag());
  await page.goto(shop.site.url('shop.test'));
  await shop.settled(page);
  expect(shop.events().map(({ type }) => type)).toEqual(['pageview', 'product_view', 'add_to_cart', 'checkout']);
  await page.waitForFunction('window.told');
  expect(await page.evaluate('told')).toEqual(await shop.ids(page));
});

test('get tells the ids of the events', async () => {
  const { page } = await shop.visitor();
  await open(page);
  expect(await shop.ids(page)).toMatchObject({
    visitor: shop.deliveries[0]?.visitor,
    visit: shop.events('pageview')[0]?.visit,
    visit_code: expect.stringMatching(/^\d+$/),
  });
});

test('get answers without a code when the collector is down', async () => {
  const { page } = await shop.visitor();
  shop.refuse = () => ({ status: 503 });
  shop.page('/');
  await page.goto(shop.site.url('shop.test'));
  expect((await shop.ids(page)).visit_code).toBe('');
});

test('a callback that throws disturbs neither the page nor the others', async () => {
  const { page } = await shop.visitor();
  const warnings = await open(page);
  await page.evaluate("throughline('get', () => { throw new Error('mine'); })");
  expect(await shop.ids(page)).toHaveProperty('visit');
  expect(warnings).toEqual([]);
});

const wrongCalls: [string, string][] = [
  ['no type', 'throughline()'],
  ['get without a callback', "throughline('get')"],
];

test.each(wrongCalls)('%s is no event, throws nothing and is told once in debug only', async (_, call) => {
  const quiet = await shop.visitor();
  const silence = await open(quiet.page);
  await quiet.page.evaluate(call);
  await shop.settled(quiet.page);
  expect(silence).toEqual([]);

  const debugging = await shop.visitor();
  const warnings = await open(debugging.page, 'data-debug');
  await debugging.page.evaluate(call);
  await shop.settled(debugging.page);
  await expect.poll(() => warnings).toHaveLength(1);
  expect(own()).toEqual([]);
});

test('an unknown type is refused by the collector, and told in debug', async () => {
  const { page } = await shop.visitor();
  const warnings = await open(page, 'data-debug');
  await page.evaluate("throughline('pageviews')");
  await expect.poll(() => warnings).toEqual([expect.stringContaining('invalid')]);
  expect(own()).toEqual([]);
});

test.each([
  ['a circle', '(() => { const props = {}; props.self = props; return { props, order: { id: 7 } } })()'],
  ['a bigint', '{ props: { big: 1n }, order: { id: 7 } }'],
  ['a function', '{ props: () => 1, order: { id: 7 } }'],
])('%s is left out, told once in debug, and the rest of the event is sent', async (_, fields) => {
  const { page } = await shop.visitor();
  const warnings = await open(page, 'data-debug');
  await page.evaluate(`throughline('purchase', ${fields})`);
  await shop.settled(page);
  expect(own()).toHaveLength(1);
  expect(own()[0]).toMatchObject({ type: 'purchase', order: { id: '7' } });
  expect(own()[0]).not.toHaveProperty('props');
  expect(own()[0]).not.toHaveProperty('colour');
  expect(warnings).toHaveLength(1);
});

test('a field that is not of an event is left out', async () => {
  const { page } = await shop.visitor();
  await open(page);
  await page.evaluate("throughline('purchase', { colour: 'red', order: { id: 7 } })");
  await shop.settled(page);
  expect(shop.events('purchase')[0]?.order).toEqual({ id: '7' });
  expect(shop.deliveries.map(({ request }) => request.body).join()).not.toContain('colour');
});

test('what the collector refused is told in debug', async () => {
  const { page } = await shop.visitor();
  const rejected = [{ index: 0, reason: 'invalid', detail: 'ts: expected a number' }];
  shop.refuse = ({ events }) =>
    events.some(({ type }) => type === 'download') ? { body: JSON.stringify({ rejected }) } : undefined;
  const warnings = await open(page, 'data-debug');
  await page.evaluate("throughline('download')");
  await expect.poll(() => warnings).toEqual([`throughline: ${JSON.stringify(rejected)}`]);
});

test('the page gets one global name', async () => {
  const { page } = await shop.visitor();
  shop.page('/', '', '<script>window.before = Object.keys(window)</script>');
  await page.goto(shop.site.url('shop.test'));
  const bare: string[] = await page.evaluate('Object.keys(window)');
  await open(page);
  const loaded: string[] = await page.evaluate('Object.keys(window)');
  expect(loaded.filter((name) => !bare.includes(name))).toEqual(['throughline']);
});

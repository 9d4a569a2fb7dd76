import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { FixtureAnswer } from '../support/browser.ts';
import { type Shop, useShop } from './shop.ts';
import { wholeTag } from './whole-tag.ts';

const minuteMs = 60_000;

let shop: Shop;

useShop((opened) => {
  shop = opened;
});

const at = (path: string, host = 'shop.test'): string => shop.site.url(host, path);
const html = (body: string): FixtureAnswer => ({
  headers: { 'content-type': 'text/html' },
  body: `<!doctype html><title>x</title>${body}`,
});

const source = 'utm_campaign=boots&utm_source=vk';

/** A buyer of an ad at the checkout, whose form goes to `gateway`. */
async function checkOut(gateway: string): Promise<{ page: Page; context: BrowserContext }> {
  const { page, context } = await shop.visitor();
  await context.clock.install();
  const callback = '<form id="callback" method="post" action="/callback"></form>';
  shop.page('/thanks', callback, wholeTag(shop));
  const pay = `<form id="pay" method="post" action="${gateway}"><input name="sum" value="1990"><button>Pay</button></form>`;
  shop.page('/checkout', pay + callback, wholeTag(shop));
  await page.goto(at('/checkout?utm_source=vk&utm_campaign=boots'));
  await shop.settled(page);
  return { page, context };
}

/** Pays by the button of the gateway's page. */
async function pay(page: Page): Promise<void> {
  await Promise.all([page.waitForURL(/pay$/), page.click('button')]);
  await Promise.all([page.waitForURL(at('/thanks')), page.click('#done')]);
  await shop.settled(page);
}

const visits = (): string[] => [...new Set(shop.events('pageview').map(({ visit }) => visit ?? ''))];
const inputs = async (page: Page) => ({
  source: await page.inputValue('#callback [name=throughline_source]'),
  first: await page.inputValue('#callback [name=throughline_first_source]'),
});

type Return = [name: string, button: (shop: Shop) => string];

const button = (action: string, method: string) =>
  `<form method="${method}" action="${action}"><button id="done">Done</button></form>`;

/** The shop's address that takes the gateway's POST and sends the browser on. */
const returnAddress = '/return';

const returns: Return[] = [
  ['a POST that the thank-you page itself answers', () => button(at('/thanks'), 'post')],
  ['a POST that the shop redirects', () => button(at(returnAddress), 'post')],
  ['a redirect of the gateway', () => button('/back', 'post')],
  ['a link', () => `<a id="done" href="${at('/thanks')}">Back to the shop</a>`],
  [
    'a link that hides where it stands',
    () => `<meta name="referrer" content="no-referrer"><a id="done" href="${at('/thanks')}">Back to the shop</a>`,
  ],
];

describe('whoever comes back from paying', () => {
  function openGateway(body: string): void {
    shop.site.on('/pay', () => html(body));
    shop.site.on('/back', () => ({ status: 303, headers: { location: at('/thanks') } }));
    shop.site.on(returnAddress, () => ({ status: 303, headers: { location: at('/thanks') } }));
  }

  test.each(returns)('by %s is in the same visit, from the same ad', async (_, done) => {
    openGateway(done(shop));
    const { page } = await checkOut(at('/pay', 'yoomoney.test'));
    const before = await shop.ids(page);
    await pay(page);
    expect(shop.events('pageview').map(({ url }) => new URL(url).pathname)).toEqual(['/checkout', '/thanks']);
    expect(visits()).toHaveLength(1);
    expect(await shop.ids(page)).toEqual(before);
    expect(await inputs(page)).toEqual({ source, first: source });
  });

  test('after three quarters of an hour still has the ad for a source', async () => {
    openGateway(button(at(returnAddress), 'post'));
    const { page, context } = await checkOut(at('/pay', 'securepay.tinkoff.test'));
    await Promise.all([page.waitForURL(/pay$/), page.click('button')]);
    await context.clock.fastForward(45 * minuteMs);
    await Promise.all([page.waitForURL(at('/thanks')), page.click('#done')]);
    await shop.settled(page);
    expect(await inputs(page)).toEqual({ source, first: source });
    expect(new Set(shop.deliveries.map(({ visitor }) => visitor)).size).toBe(1);
  });

  test('by way of the page where his bank asks for a code is in the same visit', async () => {
    shop.site.on('/pay', () => html(button(at('/code', 'acs.bank.test'), 'post')));
    shop.site.on('/code', () => html(button(at('/thanks'), 'post')));
    const { page } = await checkOut(at('/pay', 'robokassa.test'));
    await Promise.all([page.waitForURL(/pay$/), page.click('button')]);
    await Promise.all([page.waitForURL(/code$/), page.click('#done')]);
    await Promise.all([page.waitForURL(at('/thanks')), page.click('#done')]);
    await shop.settled(page);
    expect(visits()).toHaveLength(1);
    expect(await inputs(page)).toEqual({ source, first: source });
  });

  test('has told the payment form once, and given the gateway nothing but its own fields', async () => {
    openGateway(button(at('/thanks'), 'post'));
    const { page } = await checkOut(at('/pay', 'yoomoney.test'));
    await pay(page);
    expect(shop.site.seen.find(({ path }) => path === '/pay')?.body).toBe('sum=1990');
    expect(shop.events('form_submit').map(({ form }) => form?.id)).toEqual(['pay']);
  });
});

test('whoever comes from another site by the same kind of POST begins a visit from there', async () => {
  shop.site.on('/pay', () => html(button(at('/thanks'), 'post')));
  const { page } = await checkOut(at('/pay', 'forum.test'));
  await pay(page);
  expect(visits()).toHaveLength(2);
  expect(await inputs(page)).toEqual({ source: 'referrer=forum.test', first: source });
});

test.each(['oauth.yandex.test', 'id.vk.test', 'esia.gosuslugi.test'])(
  'whoever comes back from signing in at %s is in the same visit',
  async (host) => {
    shop.site.on('/login', () => ({ status: 302, headers: { location: at('/authorize', host) } }));
    shop.site.on('/authorize', () => html(button('/grant', 'post')));
    shop.site.on('/grant', () => ({ status: 302, headers: { location: at('/thanks?code=1&state=2') } }));
    const { page } = await checkOut(at('/login'));
    await Promise.all([page.waitForURL(/authorize$/), page.click('button')]);
    await Promise.all([page.waitForURL(/thanks/), page.click('#done')]);
    await shop.settled(page);
    expect(shop.events('pageview')).toHaveLength(2);
    expect(visits()).toHaveLength(1);
    expect(await inputs(page)).toEqual({ source, first: source });
  },
);

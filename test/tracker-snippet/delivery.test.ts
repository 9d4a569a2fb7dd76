import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { maxBodyBytes, maxEvents } from '../../domain/event.ts';
import { type Shop, useShop } from './shop.ts';

let shop: Shop;

useShop((opened) => {
  shop = opened;
});

async function load(page: Page, path = '/'): Promise<void> {
  shop.page(path);
  await page.goto(shop.site.url('shop.test', path));
  await page.waitForFunction('window.throughline && throughline.isLoaded');
}

async function open(page: Page, path = '/'): Promise<void> {
  await load(page, path);
  await shop.settled(page);
}

const idsOf = (type: string): string[] => shop.events(type).map(({ id }) => id);
const queueLength = (page: Page): Promise<number> =>
  page.evaluate("JSON.parse(localStorage.getItem('tl_queue') || '[]').length");
/** Waits until so many batches are nobody's: those on their way are in the queue too, leased. */
const waitForQueue = (page: Page, length: number) =>
  page.waitForFunction(
    `JSON.parse(localStorage.getItem('tl_queue') || '[]').filter(({ lease }) => lease <= 0).length === ${length}`,
  );
const waitForEmptyQueue = (page: Page) => page.waitForFunction("localStorage.getItem('tl_queue') === '[]'");
const hide = (page: Page) =>
  page.evaluate(`{
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }`);

describe('batches', () => {
  test('events of a moment go together', async () => {
    const { page } = await shop.visitor();
    await open(page);
    const before = shop.deliveries.length;
    await page.evaluate("for (let step = 0; step < 5; step++) throughline('goal', { props: { step } })");
    await shop.settled(page);
    const goals = shop.deliveries
      .slice(before)
      .filter(({ events }) => events.some(({ props }) => props?.step !== undefined));
    expect(goals).toHaveLength(1);
    expect(goals[0]?.events.filter(({ props }) => props?.step !== undefined).map(({ props }) => props?.step)).toEqual([
      0, 1, 2, 3, 4,
    ]);
  });

  test('never hold more than the collector takes, in number or in bytes', async () => {
    const { page } = await shop.visitor();
    await open(page);
    await page.evaluate("for (let step = 0; step < 250; step++) throughline('goal', { props: { step } })");
    await page.evaluate(
      "for (let step = 0; step < 30; step++) throughline('goal', { props: { text: 'я'.repeat(4000) } })",
    );
    await shop.site.until(() => shop.events('goal').length === 280, 'all goals arrive');
    expect(new Set(idsOf('goal')).size).toBe(280);
    for (const { events, request } of shop.deliveries) {
      expect(events.length).toBeLessThanOrEqual(maxEvents);
      expect(Buffer.byteLength(request.body)).toBeLessThanOrEqual(maxBodyBytes);
    }
  });

  test('an event too big for the collector is left out and holds nobody up', async () => {
    const { page } = await shop.visitor();
    await open(page);
    shop.refuse = ({ request }) => (request.body.length > maxBodyBytes ? { status: 413 } : undefined);
    await page.evaluate("throughline('goal', { props: { text: 'x'.repeat(70000) } }); throughline('checkout')");
    await shop.settled(page);
    expect(shop.events().map(({ type }) => type)).toEqual(['pageview', 'checkout']);
  });

  test.each([
    ['hidden', hide],
    [
      'put away',
      (page: Page) => page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))"),
    ],
  ])('leave at once when the page is %s', async (_, leave) => {
    const { page } = await shop.visitor();
    await open(page);
    await page.evaluate('window.setTimeout = () => 1');
    await page.evaluate("throughline('goal', { props: { name: 'last' } })");
    await leave(page);
    await shop.site.until(() => idsOf('goal').length === 1, 'the goal arrives');
    await waitForEmptyQueue(page);
  });

  test('leave when the page is left', async () => {
    const { page } = await shop.visitor();
    await open(page);
    shop.page('/next', '', '');
    await page.evaluate(`throughline('goal', { props: { name: 'last' } }); location.href = '/next'`);
    await shop.site.until(() => idsOf('goal').length === 1, 'the goal arrives');
  });
});

describe('what could not be delivered', () => {
  test('while the network was away is sent once when it is back, under the same ids', async () => {
    const { page, context } = await shop.visitor();
    // No timer may do the work of the network's return.
    await page.addInitScript(
      '{ const set = window.setTimeout; window.setTimeout = (run, delay, ...args) => (delay < 1000 ? set(run, delay, ...args) : 0); }',
    );
    await open(page);
    await context.setOffline(true);
    await page.evaluate("throughline('purchase', { order: { id: 'A-17' } })");
    await waitForQueue(page, 1);
    const kept = await page.evaluate("JSON.parse(JSON.parse(localStorage.getItem('tl_queue'))[0].body).events[0].id");
    expect(shop.events('purchase')).toEqual([]);
    await context.setOffline(false);
    await shop.site.until(() => idsOf('purchase').length > 0, 'the purchase arrives');
    await waitForEmptyQueue(page);
    await shop.settled(page);
    expect(idsOf('purchase')).toEqual([kept]);
  });

  test.each([429, 500, 503])('because of a %i is sent by the next page, under the same ids', async (status) => {
    const { page } = await shop.visitor();
    shop.refuse = () => ({ status });
    await load(page);
    await waitForQueue(page, 1);
    const refused = shop.deliveries[0]?.events[0]?.id;
    shop.refuse = undefined;
    await open(page, '/next');
    await shop.site.until(() => idsOf('pageview').length === 2, 'both pages arrive');
    await waitForEmptyQueue(page);
    expect(idsOf('pageview')).toContain(refused);
    expect(
      shop
        .events('pageview')
        .map(({ url }) => new URL(url).pathname)
        .sort(),
    ).toEqual(['/', '/next']);
  });

  test('is sent by the same page after a pause, not in a hurry', async () => {
    const { page } = await shop.visitor();
    await page.addInitScript(`{
      const set = window.setTimeout;
      const now = Date.now;
      let aheadMs = 0;
      Date.now = () => now() + aheadMs;
      window.delays = [];
      window.setTimeout = (run, delay) => {
        window.delays.push(delay);
        const wait = () => { aheadMs += delay; run(); };
        return set(wait, Math.min(delay, 300));
      };
    }`);
    let refusals = 3;
    shop.refuse = () =>
      refusals-- > 0 ? { status: 503, headers: refusals === 0 ? { 'retry-after': '120' } : {} } : undefined;
    await load(page);
    await shop.site.until(() => idsOf('pageview').length === 1, 'the page arrives');
    const pauses: number[] = await page.evaluate('delays.filter((delay) => delay >= 1000)');
    expect(pauses).toEqual([30_000, 30_000, 120_000]);
    expect(new Set(shop.deliveries.map(({ events }) => events[0]?.id)).size).toBe(1);
  });

  test.each([400, 403, 413])('because of a %i is dropped and not sent again', async (status) => {
    const { page } = await shop.visitor();
    let answer = () => {};
    shop.refuse = () =>
      new Promise((resolve) => {
        answer = () => resolve({ status });
      });
    await load(page);
    await shop.site.until(() => shop.deliveries.length === 1, 'the refused batch arrives');
    const refused = shop.deliveries[0]?.events[0]?.id;
    // A page that is left before it has heard the refusal keeps the batch for the next one.
    await page.evaluate("void (window.heard = new Promise((resolve) => throughline('get', resolve)))");
    answer();
    await page.evaluate('heard');
    shop.refuse = undefined;
    await open(page, '/next');
    await waitForEmptyQueue(page);
    expect(idsOf('pageview')).not.toContain(refused);
    expect(idsOf('pageview')).toHaveLength(1);
  });

  test.each<[string, { status?: number; body?: string; headers?: Record<string, string> }]>([
    [
      'a page of a network that asks to sign in',
      { body: '<html>Sign in</html>', headers: { 'content-type': 'text/html' } },
    ],
    ['nothing at all', { status: 204 }],
  ])('is not taken by %s, and whoever waits for the ids is answered', async (_, answer) => {
    const { page } = await shop.visitor();
    shop.refuse = () => answer;
    await load(page);
    await waitForQueue(page, 1);
    expect((await shop.ids(page)).visit_code).toBe('');
    shop.refuse = undefined;
    await open(page, '/next');
    await shop.site.until(() => new Set(idsOf('pageview')).size === 2, 'both pages arrive');
  });

  test('is not sent in a hurry because of a pause that makes no sense', async () => {
    const { page } = await shop.visitor();
    shop.refuse = () => ({ status: 503, headers: { 'retry-after': '-1' } });
    await load(page);
    await waitForQueue(page, 1);
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 500))');
    expect(shop.deliveries).toHaveLength(1);
  });

  test('is kept up to fifty batches, the newest', async () => {
    const { page } = await shop.visitor();
    await open(page);
    await page.evaluate(`localStorage.tl_queue = JSON.stringify(
      Array.from({ length: 60 }, (_, number) => ({ body: 'batch ' + number, ts: Date.now(), lease: Date.now() + 60000 })),
    )`);
    shop.refuse = () => ({ status: 503 });
    await page.evaluate("throughline('goal')");
    await waitForQueue(page, 1);
    expect(await queueLength(page)).toBe(50);
    const bodies: string[] = await page.evaluate('JSON.parse(localStorage.tl_queue).map(({ body }) => body)');
    expect(bodies[0]).toBe('batch 11');
    expect(bodies[49]).toContain('goal');
  });

  test('is forgotten after seven days', async () => {
    const { page, context } = await shop.visitor();
    shop.refuse = () => ({ status: 503 });
    await load(page);
    await waitForQueue(page, 1);
    shop.refuse = undefined;
    await context.addInitScript(`{ const now = Date.now; Date.now = () => now() + ${7 * 86_400_000 + 60_000}; }`);
    await open(page, '/next');
    await shop.settled(page);
    expect(shop.events('pageview').map(({ url }) => new URL(url).pathname)).toEqual(['/next']);
  });

  test('keeps its visitor when another one is known by then', async () => {
    const { page } = await shop.visitor();
    shop.refuse = () => ({ status: 503 });
    await load(page);
    await waitForQueue(page, 1);
    const earlier = shop.deliveries[0]?.visitor;
    const later = '0f8fad5b-d9cb-469f-a165-70867728950e';
    await page.evaluate(
      `document.cookie = document.cookie.replace('${earlier}', '${later}') + ';domain=shop.test;path=/'`,
    );
    await load(page, '/second');
    await waitForQueue(page, 2);
    shop.refuse = undefined;
    await open(page, '/next');
    await shop.site.until(() => idsOf('pageview').length === 3, 'the three pages arrive');
    const senders = shop.deliveries
      .slice(2)
      .flatMap(({ visitor, events }) => events.map(({ url }) => [new URL(url).pathname, visitor]));
    expect(senders).toContainEqual(['/', earlier]);
    expect(senders).toContainEqual(['/second', later]);
    expect((await shop.ids(page)).visitor).toBe(later);
  });

  test('is not sent by one tab while another has it on its way', async () => {
    const { page, context } = await shop.visitor();
    shop.refuse = () => ({ status: 503 });
    await load(page);
    await waitForQueue(page, 1);
    const kept = shop.deliveries[0]?.events[0]?.id;
    const carriers = () => shop.deliveries.slice(1).filter(({ events }) => events.some(({ id }) => id === kept));
    const hung = new Promise<undefined>(() => {});
    shop.refuse = (delivery) => (carriers().includes(delivery) ? hung : undefined);
    const [one, two] = [await context.newPage(), await context.newPage()];
    await load(one, '/one');
    await shop.site.until(() => carriers().length === 1, 'the first tab sends it');
    await open(two, '/two');
    await shop.settled(two);
    expect(carriers()).toHaveLength(1);
  });

  test('is kept when the page is left before the answer, for the next page to send under the same id', async () => {
    const { page } = await shop.visitor();
    await open(page);
    const hung = new Promise<undefined>(() => {});
    shop.refuse = () => hung;
    await page.evaluate("throughline('purchase', { order: { id: 'A-17' } })");
    await hide(page);
    expect(await queueLength(page)).toBe(1);
    await shop.site.until(
      () => shop.deliveries.some(({ events }) => events[0]?.type === 'purchase'),
      'the purchase is sent',
    );
    shop.refuse = undefined;
    await page.context().addInitScript('{ const now = Date.now; Date.now = () => now() + 31000; }');
    await open(page, '/next');
    await shop.site.until(() => idsOf('purchase').length === 1, 'the purchase arrives');
    const sent = shop.deliveries.flatMap(({ events }) => events).filter(({ type }) => type === 'purchase');
    expect(sent).toHaveLength(2);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
  });
});

test('a damaged queue in localStorage is no obstacle', async () => {
  const { page } = await shop.visitor();
  await page.addInitScript("localStorage.setItem('tl_queue', '[{}, 5')");
  await open(page);
  expect(shop.events()).toHaveLength(1);
});

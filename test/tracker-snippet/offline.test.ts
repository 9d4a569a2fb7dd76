import type { BrowserContext, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { maxBodyBytes, maxEvents } from '../../domain/event.ts';
import { expectCountedOnce, expectSentOnce, longMs, sentSince } from './sent-events.ts';
import { type Shop, useShop } from './shop.ts';
import { passed } from './watch-page.ts';
import { wholeTag } from './whole-tag.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

let shop: Shop;

useShop((opened) => {
  shop = opened;
});

/** A person whose clock the test moves. */
async function person() {
  const visitor = await shop.visitor();
  await visitor.context.clock.install();
  return visitor;
}

async function load(page: Page, path = '/'): Promise<void> {
  shop.page(path, '', wholeTag(shop));
  await page.goto(shop.site.url('shop.test', path));
  await page.waitForFunction('window.throughline && throughline.isLoaded');
}

async function open(page: Page, path = '/'): Promise<void> {
  await load(page, path);
  await shop.settled(page);
}

const buy = (page: Page, id: string) => page.evaluate(`throughline('purchase', { order: { id: '${id}' } })`);
const orders = (): (string | undefined)[] => shop.events('purchase').map(({ order }) => order?.id);
const has = (id: string): boolean => orders().includes(id);

/** Nothing gets through any more, not even what a page that is closed sends last. */
function breakConnections(): void {
  shop.refuse = () => {
    throw new Error('the network is broken');
  };
}

/** Leaves the page and waits for what it sends last. */
async function leave(page: Page): Promise<void> {
  shop.page('/bare', '', '');
  await page.goto(shop.site.url('shop.test', '/bare'));
  await passed(page);
  await passed(page);
  await page.close();
}

/** Makes an order that does not get through. */
async function buyInVain(page: Page, id: string): Promise<void> {
  const failure = page.waitForEvent('requestfailed');
  await buy(page, id);
  await failure;
}

test('a visitor who goes on without a network is told when it is back: each event once, with its own time', async () => {
  const { page, context } = await person();
  await open(page);
  await context.setOffline(true);
  // After the first failure events wait for the next try: both may be in the batch that fails, or the page alone.
  const failure = page.waitForEvent('requestfailed');
  await page.evaluate("history.pushState({}, '', '/cart')");
  await buy(page, 'A-1');
  await failure;
  await context.clock.fastForward(minuteMs);
  await buy(page, 'A-2');
  expect(shop.events()).toHaveLength(1);
  await context.setOffline(false);
  await shop.site.until(() => has('A-1') && has('A-2'), 'both orders arrive');
  await context.clock.fastForward(longMs);
  await shop.settled(page);
  expectCountedOnce(shop, 4);
  const [, cart, first, second] = shop.events().sort((one, other) => one.ts - other.ts);
  expect([cart?.type, first?.order?.id, second?.order?.id]).toEqual(['pageview', 'A-1', 'A-2']);
  expect((second?.ts ?? 0) - (first?.ts ?? 0)).toBeGreaterThanOrEqual(minuteMs);
});

test('a page that is closed without a network leaves what it knows to the next page', async () => {
  const { page, context } = await person();
  await open(page);
  await context.setOffline(true);
  await buyInVain(page, 'A-1');
  await buy(page, 'A-2');
  await page.close();
  await context.setOffline(false);
  const next = await context.newPage();
  await open(next, '/next');
  await context.clock.fastForward(minuteMs);
  await shop.site.until(() => has('A-1') && has('A-2'), 'both orders arrive');
  await context.clock.fastForward(longMs);
  await shop.settled(next);
  expectCountedOnce(shop, 4);
});

test('a collector that says when to come again is left alone until then, and gets everything once', async () => {
  const { page, context } = await person();
  await open(page);
  shop.refuse = () => ({ status: 503, headers: { 'retry-after': '120' } });
  const before = shop.deliveries.length;
  const refused = page.waitForResponse((response) => response.status() === 503);
  await buy(page, 'A-1');
  await refused;
  await passed(page);
  shop.refuse = undefined;
  await buy(page, 'A-2');
  await context.clock.fastForward(110_000);
  await passed(page);
  expect(shop.deliveries).toHaveLength(before + 1);
  await context.clock.fastForward(minuteMs);
  await shop.site.until(() => has('A-1') && has('A-2'), 'both orders arrive');
  await passed(page);
  await context.clock.fastForward(longMs);
  await shop.settled(page);
  expectSentOnce(shop, before + 1, 2);
});

test('a collector that dies before it answers gets the batch again, under the same ids', async () => {
  const { page, context } = await person();
  await open(page);
  breakConnections();
  await buyInVain(page, 'A-1');
  // The browser itself tries once more where it has used a connection again.
  const before = shop.deliveries.length;
  shop.refuse = undefined;
  await context.clock.fastForward(longMs);
  await shop.site.until(() => has('A-1'), 'the order arrives');
  await passed(page);
  await context.clock.fastForward(longMs);
  await shop.settled(page);
  expectSentOnce(shop, before, 1);
  expectCountedOnce(shop, 2);
});

/** Tells numbered events, each in a batch of its own. */
async function tellSteps(page: Page, context: BrowserContext, count: number): Promise<void> {
  for (let step = 0; step < count; step++) {
    await page.evaluate(`throughline('goal', { props: { step: ${step} } })`);
    await context.clock.fastForward(1000);
  }
}

/** The numbers of the events that the next page of the visitor sends, in their order. */
async function stepsOfNextPage(context: BrowserContext, last: number): Promise<number[]> {
  const before = shop.deliveries.length;
  const next = await context.newPage();
  await open(next, '/next');
  await passed(next);
  await context.clock.fastForward(minuteMs);
  await shop.site.until(() => shop.events('goal').some(({ props }) => props?.step === last), 'the newest arrives');
  await passed(next);
  await context.clock.fastForward(longMs);
  await shop.settled(next);
  for (const { events, request } of shop.deliveries.slice(before)) {
    expect(events.length).toBeLessThanOrEqual(maxEvents);
    expect(Buffer.byteLength(request.body)).toBeLessThanOrEqual(maxBodyBytes);
  }
  const kept = sentSince(shop, before).filter(({ props }) => props?.step !== undefined);
  const steps = new Set(kept.map(({ props }) => Number(props?.step)));
  expect(new Set(kept.map(({ id }) => id)).size).toBe(steps.size);
  return [...steps].sort((one, other) => one - other);
}

const numbersTo = (last: number, count: number): number[] =>
  Array.from({ length: count }, (_, place) => last - count + 1 + place);

test('while the collector takes nothing for long, its pause is not spent on many small batches: all wait, the first too', async () => {
  const { page, context } = await person();
  await open(page);
  shop.refuse = () => ({ status: 503, headers: { 'retry-after': '3600' } });
  await tellSteps(page, context, 260);
  await leave(page);
  shop.refuse = undefined;
  const steps = await stepsOfNextPage(context, 259);
  expect(steps).toEqual(numbersTo(259, 260));
});

test('while there is no network for long, the newest events wait without a gap', async () => {
  const { page, context } = await person();
  await open(page);
  await context.setOffline(true);
  await tellSteps(page, context, 70);
  breakConnections();
  await context.setOffline(false);
  await leave(page);
  shop.refuse = undefined;
  const steps = await stepsOfNextPage(context, 69);
  expect(steps).toEqual(numbersTo(69, steps.length));
  expect(steps.length).toBeGreaterThanOrEqual(40);
});

test('what has waited for seven days is forgotten, what has waited for six is not', async () => {
  const { page, context } = await person();
  await open(page);
  breakConnections();
  await buyInVain(page, 'old');
  await context.clock.fastForward(dayMs);
  await buy(page, 'young');
  await leave(page);
  await context.clock.fastForward(6 * dayMs + minuteMs);
  shop.refuse = undefined;
  const before = shop.deliveries.length;
  const next = await context.newPage();
  await open(next, '/next');
  await passed(next);
  await context.clock.fastForward(minuteMs);
  await shop.site.until(() => has('young'), 'the younger order arrives');
  await context.clock.fastForward(longMs);
  await shop.settled(next);
  expect(sentSince(shop, before).flatMap(({ order }) => order?.id ?? [])).toEqual(['young']);
});

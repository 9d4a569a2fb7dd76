import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readBySchema } from '../../../collector/collect/read-event.ts';
import { contactHasher } from '../../../domain/contact.ts';
import { nowMs, pageview, startCollector, type TestCollector, uuid } from '../support/test-collector.ts';

let collector: TestCollector;
beforeEach(async () => {
  collector = await startCollector();
});
afterEach(() => collector.remove());

const hasher = contactHasher('secret');

/** Sends one event to the door that pages use, and gives its answer, its row and what is noted of it. */
async function collect(fields: object) {
  const body = JSON.stringify({ site: 'demo', visitor: uuid(900), events: [pageview(1, fields)] });
  const answer = await fetch(`${collector.url}/collect`, { method: 'POST', body });
  const [row] = await collector.rows('events');
  return { answer: await answer.json(), row, noted: await collector.rows('rejected') };
}

describe('an order as carts of real pages send it', () => {
  test('is taken with its sums rounded to millionths', async () => {
    const order = { id: 17, amount: 3 * 1.1, currency: 643 };
    const items = [{ id: 5, price: 1000 / 3, quantity: 0.1 + 0.2 }];
    const { answer, row, noted } = await collect({ type: 'purchase', order, items });
    expect(answer).not.toHaveProperty('rejected');
    expect(row).toMatchObject({ order_id: '17', order_amount: '3.3', order_currency: 'RUB' });
    expect(row?.items).toBe('[{"id":"5","price":"333.333333","quantity":"0.3"}]');
    expect(noted).toEqual([]);
  });

  test('is taken with its identity when phone and ids are numbers', async () => {
    const user = { phone: 79161234567, id: 5, ym_client_id: 163, email: null };
    const { row, noted } = await collect({ type: 'purchase', order: { id: 'A-1' }, user });
    expect(row).toMatchObject({ phone_hash: hasher.phone('+79161234567'), user_id: '5', ym_client_id: '163' });
    expect(noted).toEqual([]);
  });

  test('is taken with a form that is numbered', async () => {
    const { row, noted } = await collect({ type: 'form_submit', form: { id: 5, name: 'Callback' } });
    expect(row).toMatchObject({ form_id: '5', form_name: 'Callback' });
    expect(noted).toEqual([]);
  });

  test('is taken without what is null or empty, and nothing is noted', async () => {
    const nothing = { visit: null, url: null, referrer: null, title: null, form: null, props: null };
    const order = { id: 'A-1', amount: '', currency: null };
    const items = [null, { id: null, name: null, price: null, quantity: null }];
    const user = { phone: null, email: null, id: null, ym_client_id: null };
    const { answer, row, noted } = await collect({ ...nothing, type: 'purchase', order, items, user });
    expect(answer).not.toHaveProperty('rejected');
    expect(row).toMatchObject({ type: 'purchase', order_id: 'A-1', items: '[{}]' });
    expect(Object.keys(row ?? {})).not.toEqual(expect.arrayContaining(['order_amount']));
    expect(noted).toEqual([]);
  });
});

describe('an event with a field that cannot be read', () => {
  test('is taken without the field, and the field is noted where refusals are', async () => {
    const order = { id: 'A-1', amount: '1,990.00' };
    const user = { phone: ['+79161234567'], email: 'Buyer@Example.com' };
    const { answer, row, noted } = await collect({ type: 'purchase', title: 5, order, user });
    expect(answer).not.toHaveProperty('rejected');
    expect(row).toMatchObject({ order_id: 'A-1', email_hash: hasher.email('buyer@example.com') });
    for (const column of ['title', 'order_amount', 'phone_hash']) expect(row).not.toHaveProperty(column);
    expect(noted).toMatchObject([{ source: 'collect', entity: 'event field', reason: 'invalid' }]);
    expect(noted[0]?.place).toBe('events.0.title');
    expect(noted[0]?.detail).toMatch(/taken without title: .*; order\.amount: expected an amount .*; user\.phone: /);
    expect(noted[0]?.payload).toContain('"amount":"1,990.00"');
    expect(JSON.stringify(noted)).not.toMatch(/79161234567|buyer/i);
  });

  test('is noted with its addresses as events keep them', async () => {
    const address = 'https://shop.example/?_tl=a.b.c.d&phone=9161234567&tel=9161234567&name=Ivan&utm_source=vk';
    const form = { id: 'f', page: '/order?_tl=a.b.c.d&tel=9161234567' };
    const { row, noted } = await collect({ title: 5, url: address, referrer: address, form });
    const kept = 'https://shop.example/?phone=[phone]&tel=[phone]&name=[name]&utm_source=vk';
    expect(row).toMatchObject({ url: kept });
    expect(JSON.parse(String(noted[0]?.payload))).toMatchObject({
      url: kept,
      referrer: kept,
      form: { page: '/order?tel=[phone]' },
    });
  });

  test('is taken without a contact hash that is none, which is noted without it', async () => {
    const digest = createHash('sha256').update('+79161234567').digest('hex');
    const user = { phone_hash: digest.toUpperCase(), email_hash: digest.slice(1), id: '5' };
    const { row, noted } = await collect({ user });
    expect(row).toMatchObject({ user_id: '5' });
    for (const column of ['phone_hash', 'email_hash']) expect(row).not.toHaveProperty(column);
    expect(noted).toMatchObject([{ entity: 'event field', place: 'events.0.user.phone_hash' }]);
    expect(noted[0]?.detail).toMatch(/user\.phone_hash: .*SHA-256.*; user\.email_hash: /);
    expect(JSON.stringify(noted).toLowerCase()).not.toContain(digest.slice(1));
  });

  test('keeps no amount whose currency cannot be read', async () => {
    const { row, noted } = await collect({ type: 'purchase', order: { id: 'A-1', amount: 50, currency: 'ducats' } });
    expect(row).toMatchObject({ order_id: 'A-1' });
    expect(row).not.toHaveProperty('order_amount');
    expect(noted).toMatchObject([{ place: 'events.0.order.currency' }]);
  });

  test('keeps the items that can be read', async () => {
    const items = [5, { id: 'a', price: {} }, [], { id: 'b', price: 1 }];
    const { row, noted } = await collect({ type: 'add_to_cart', items });
    expect(row?.items).toBe('[{"id":"a"},{"id":"b","price":"1"}]');
    expect(noted).toHaveLength(1);
  });

  test('beside one that is refused is told apart from it', async () => {
    const events = [pageview(1, { url: 5 }), { ...pageview(2), ts: 'now' }];
    const body = JSON.stringify({ site: 'demo', visitor: null, events });
    const answer = await fetch(`${collector.url}/collect`, { method: 'POST', body });
    expect(await answer.json()).toMatchObject({ rejected: [{ index: 1, reason: 'invalid' }] });
    expect(await collector.rows('events')).toMatchObject([{ event_id: uuid(1) }]);
    expect((await collector.rows('rejected')).map(({ entity }) => entity)).toEqual(['event', 'event field']);
  });

  test('of history is taken and noted too', async () => {
    const row = { ...pageview(1), site: 'demo', visitor: uuid(900), user_agent: null, order: { id: 7, amount: 'x' } };
    const answer = await fetch(`${collector.url}/api/v1/ingest/events`, {
      method: 'POST',
      headers: { Authorization: 'Bearer good', 'Content-Type': 'application/json' },
      body: JSON.stringify([{ ...pageview(2), site: 'demo', visitor: uuid(900) }, row]),
    });
    expect(await answer.json()).toEqual({ accepted: 2 });
    expect(await collector.rows('events')).toMatchObject([{ event_id: uuid(2) }, { event_id: uuid(1), order_id: '7' }]);
    expect(await collector.rows('rejected')).toMatchObject([
      { source: 'ingest', entity: 'event field', place: '1.order.amount' },
    ]);
  });
});

test('an event whose id, type and time are good is taken whatever its other fields are', () => {
  const required = { id: uuid(1), type: 'purchase', ts: nowMs };
  const odd = fc.jsonValue({ maxDepth: 1 });
  const names = ['visit', 'url', 'referrer', 'title', 'form', 'order', 'items', 'user', 'props'] as const;
  const parts = fc.dictionary(fc.constantFrom('id', 'name', 'page', 'amount', 'currency', 'price', 'phone'), odd);
  const field = fc.oneof(odd, parts, fc.array(parts, { maxLength: 3 }));
  const fields = fc.record(Object.fromEntries(names.map((name) => [name, field])), { requiredKeys: [] });
  fc.assert(
    fc.property(fields, (value) => {
      const raw: Record<string, unknown> = JSON.parse(JSON.stringify(value));
      expect(readBySchema({ ...raw, ...required })).toMatchObject({ ok: true, value: required });
    }),
    { seed: 7, numRuns: 300 },
  );
  const items = Array.from({ length: 501 }, () => ({ price: [] }));
  expect(readBySchema({ ...required, items })).toMatchObject({ ok: true, unread: { place: 'items' } });
  for (const name of ['id', 'type', 'ts']) {
    expect(readBySchema({ ...required, title: 5, [name]: null })).toMatchObject({
      ok: false,
      problem: { place: name },
    });
  }
});

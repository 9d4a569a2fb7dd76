import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { anonymousEvent } from '../../../collector/collect/anonymous-event.ts';
import { dailyVisitor } from '../../../collector/collect/daily-visitor.ts';
import { landingReader } from '../../../domain/channel/landing-marks.ts';
import { nowMs, pageview, startCollector, type TestCollector, uuid } from '../support/test-collector.ts';

const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36';
const visitor = uuid(900);
let collector: TestCollector;
let known = 0;
beforeAll(async () => {
  collector = await startCollector({ proxies: 1 });
});
beforeEach(async () => {
  known = (await collector.rows('events')).length;
});
afterAll(() => collector.remove());

interface Sent {
  readonly body: unknown;
  readonly cookie: string | null;
  readonly status: number;
}

async function send(fields: object, headers: Record<string, string> = {}): Promise<Sent> {
  const response = await fetch(`${collector.url}/collect`, {
    method: 'POST',
    headers: { 'User-Agent': chrome, Cookie: `tl_vid=${visitor}`, 'X-Forwarded-For': '203.0.113.77', ...headers },
    body: JSON.stringify({ site: 'demo', ...fields }),
  });
  return { body: await response.json(), cookie: response.headers.get('set-cookie'), status: response.status };
}

const newRows = async () => (await collector.rows('events')).slice(known);

const refusal = { visitor: null, visit: null, visit_code: null };

describe('a batch of somebody who refused', () => {
  const told = pageview(1, {
    visit: uuid(800),
    url: 'https://user:key@shop.example/sale/?utm_source=vk&utm_term=anna&yclid=123&token=abc&UTM_Medium=cpc#me',
    referrer: 'https://yandex.ru/search/?text=illness',
    title: 'Hello, Anna',
    form: { id: 'callback', name: 'Call Anna', page: '/a' },
    order: { id: 'A-17', amount: 10 },
    items: [{ id: 'sku1' }],
    user: { phone: '+79161234567', phone_hash: createHash('sha256').update('+79161234567').digest('hex'), id: '5' },
    props: { a: 'secret' },
  });

  test('is kept without anything that tells who it was', async () => {
    expect(await send({ visitor, consent: 'denied', events: [told] })).toMatchObject({ body: refusal, status: 200 });
    const [row] = await newRows();
    expect(row).toEqual({
      project: 'shop',
      site: 'demo',
      event_id: uuid(1),
      visitor_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      type: 'pageview',
      occurred_at: new Date(nowMs - 1000).toISOString(),
      received_at: new Date(nowMs).toISOString(),
      url: 'https://shop.example/sale/?utm_source=vk&yclid=1&UTM_Medium=cpc',
      referrer: 'https://yandex.ru/',
      consent: 'denied',
      channel_in: 'collect',
      batch: expect.any(String),
    });
    expect(row?.visitor_id).not.toBe(visitor);
  });

  test('shares nothing with another of the same person, and is the same when it is sent again', async () => {
    for (const events of [[pageview(2), pageview(3)], [pageview(2)]]) await send({ consent: 'denied', events });
    const rows = await newRows();
    const ids = rows.map((row) => row.visitor_id);
    expect(ids[2]).toBe(ids[0]);
    expect(ids[1]).not.toBe(ids[0]);
  });

  test('keeps no click id that an ad left unfilled, and no address that cannot be read', async () => {
    const url = 'https://shop.example/?yclid={yclid}&gclid=&ttclid=__CLICKID__&_tl=a.b.c.d';
    const maps = pageview(9, { referrer: 'https://www.google.com/maps/place/Anna+Home' });
    await send({ consent: 'denied', events: [pageview(4, { url, referrer: 'no address' }), maps] });
    const [row, fromMaps] = await newRows();
    expect(row).toMatchObject({ url: 'https://shop.example/' });
    expect(row).not.toHaveProperty('referrer');
    expect(fromMaps).toMatchObject({ referrer: 'https://www.google.com/maps' });
  });

  test('tells of bad events without keeping them', async () => {
    const bad = { ...pageview(5, { url: 'https://shop.example/u/anna' }), ts: 5 };
    const { body } = await send({ consent: 'denied', visitor, events: [pageview(6, { url: 7 }), bad] });
    expect(body).toMatchObject({ ...refusal, rejected: [{ index: 1, reason: 'ts_too_old' }] });
    const notes = (await collector.rows('rejected')).slice(-2);
    expect(notes.map(({ entity, payload }) => [entity, payload])).toEqual([
      ['event', 'null'],
      ['event field', 'null'],
    ]);
  });

  test('keeps the source that its visit would have, wherever its marks stand', () => {
    const read = landingReader({ ownHosts: ['shop.example'], returnHosts: ['pay.example'] });
    const names = ['utm_source', 'UTM_Medium', 'utm_campaign', 'utm_term', 'yclid', 'GCLID', 'back', ''];
    const values = [
      'vk',
      '',
      '%20',
      '+',
      '{macro}',
      '%257Bx%257D',
      '__SOURCE__',
      '__a',
      '%FF',
      '%D1%8F',
      'a=b',
      '/?a',
      '%3Fyclid%3D1',
    ];
    const pair = fc.tuple(fc.constantFrom(...names), fc.constantFrom('=', ''), fc.constantFrom(...values));
    const signs = fc.constantFrom('?', '#', '&', '&amp;', '#!/a?', '/b?');
    const url = fc
      .tuple(
        fc.constantFrom('https://shop.example/sale', 'https://user:key@shop.example', ''),
        fc.array(fc.tuple(signs, pair)),
      )
      .map(([page, parts]) => page + parts.map(([sign, words]) => sign + words.join('')).join(''));
    const referrer = fc.constantFrom(
      '',
      'https://yandex.ru/search/?a=1',
      'https://www.google.com/maps/x',
      'https://a:b@partner.example/x',
      'https://partner.example./',
      'https://pay.example/3ds',
    );
    fc.assert(
      fc.property(url, referrer, (page, from) => {
        const kept = anonymousEvent({ id: uuid(1), type: 'pageview', ts: nowMs, url: page, referrer: from, title: '' });
        expect(read(kept.url, kept.referrer)).toEqual(read(page, from));
      }),
      { seed: 7, numRuns: 2000 },
    );
  });

  test('keeps nothing but the page and its source, whatever else was told', () => {
    const secret = 'anna';
    const name = fc.constantFrom('q', 'utm_term', 'utm_content', 'token', 'yclid', 'GCLID', '_tl', 'roistat', '');
    const pairs = fc.array(name, { maxLength: 4 }).map((names) => names.map((one) => `${one}=${secret}`).join('&'));
    const start = fc.constantFrom(
      'https://shop.example/sale',
      `https://${secret}:${secret}@shop.example/sale`,
      '/sale',
      '',
    );
    const url = fc
      .tuple(
        start,
        fc.constantFrom('?', '?utm_source=vk&', '#', '#?', '#utm_source=vk&', '#!/a?utm_source=vk&'),
        pairs,
        fc.constantFrom('', `#${secret}`),
      )
      .map((parts) => parts.join(''));
    const referrer = fc.tuple(start, fc.constantFrom('?', `/${secret}?`, '#'), pairs).map((parts) => parts.join(''));
    fc.assert(
      fc.property(url, referrer, (page, from) => {
        const told = { title: secret, form: { id: secret, name: secret, page: secret }, props: { secret } };
        const user = { phone: secret, id: secret };
        const event = { id: uuid(1), type: 'pageview', ts: nowMs, url: page, referrer: from, visit: uuid(2) } as const;
        const kept = anonymousEvent({ ...event, ...told, user, order: { id: secret }, items: [{ id: secret }] });
        expect(JSON.stringify(kept)).not.toContain(secret);
        expect(Object.keys(kept)).toEqual(['id', 'type', 'ts', 'url', 'referrer', 'title']);
        if (page.includes('utm_source=vk')) expect(kept.url).toContain('?utm_source=vk');
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  test('takes the cookie out of the browser, and says nothing to one that has none', async () => {
    const gone = 'tl_vid=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax';
    const refused = { consent: 'denied', visitor, events: [pageview(50)] };
    expect((await send(refused)).cookie).toBe(gone);
    expect((await send(refused, { 'X-Forwarded-Proto': 'https' })).cookie).toBe(`${gone}; Secure`);
    for (const Cookie of ['', 'tl_vid=', 'other=1']) expect((await send(refused, { Cookie })).cookie).toBeNull();
    expect((await send({ ...refused, cookieless: true })).cookie).toBe(gone);
  });

  test('may hold no event and only take the cookie out; any other batch has to hold one', async () => {
    expect(await send({ consent: 'denied', events: [] })).toEqual({
      body: refusal,
      cookie: expect.stringContaining('Max-Age=0'),
      status: 200,
    });
    for (const consent of ['granted', undefined]) {
      const { body, status } = await send({ consent, events: [] });
      expect(status).toBe(400);
      expect(body).toMatchObject({
        errors: [{ path: 'events', message: expect.stringContaining('an event at least') }],
      });
    }
    expect(await newRows()).toEqual([]);
  });

  test('of a robot names the robot', async () => {
    const robot = 'Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)';
    await send({ consent: 'denied', events: [pageview(7)] }, { 'User-Agent': robot });
    expect(await newRows()).toMatchObject([{ user_agent: robot }]);
  });

  test('may come by the image too', async () => {
    const query = `site=demo&consent=denied&visitor=${visitor}&id=${uuid(8)}&url=https://shop.example/`;
    const response = await fetch(`${collector.url}/collect.gif?${query}`, { headers: { Cookie: `tl_vid=${visitor}` } });
    expect(response.headers.get('set-cookie')).toContain('tl_vid=; Path=/; Max-Age=0;');
    const [row] = await newRows();
    expect(row).toMatchObject({ event_id: uuid(8), consent: 'denied' });
    expect(JSON.stringify(row)).not.toContain(visitor);
  });
});

test('an event of history of somebody who refused is kept as little', async () => {
  const ingest = (row: object) =>
    fetch(`${collector.url}/api/v1/ingest/events`, {
      method: 'POST',
      headers: { Authorization: 'Bearer good', 'Content-Type': 'application/json' },
      body: JSON.stringify([{ site: 'demo', ...row }]),
    });
  const user = { phone: '+79161234567', id: '5' };
  const refused = {
    ...pageview(40, { user, visit: uuid(800), title: 7 }),
    visitor,
    consent: 'denied',
    user_agent: chrome,
  };
  expect((await ingest(refused)).status).toBe(200);
  expect((await ingest({ ...refused, id: uuid(41), visitor: undefined })).status).toBe(200);
  for (const consent of ['pending', 'denied ']) {
    const answer = await ingest({ ...refused, id: uuid(42), consent });
    const errors = [{ path: '0.consent', message: 'expected "granted" or "denied"' }];
    expect([answer.status, await answer.json()]).toMatchObject([422, { errors }]);
  }
  const rows = await newRows();
  expect(rows.map(({ event_id, consent }) => [event_id, consent])).toEqual([
    [uuid(40), 'denied'],
    [uuid(41), 'denied'],
  ]);
  expect(JSON.stringify(rows)).not.toMatch(/user_id|phone_hash|user_agent|visit_id|000000000900/);
  expect((await collector.rows('rejected')).at(-1)).toMatchObject({ source: 'ingest', payload: 'null' });
});

test('granted is what no word means, and another word is refused', async () => {
  for (const consent of ['granted', null, undefined])
    expect((await send({ consent, events: [pageview(10)] })).body).toMatchObject({ visitor });
  for (const fields of [{ consent: 'pending' }, { consent: 1 }, { cookieless: 'yes' }])
    expect((await send({ ...fields, events: [pageview(11)] })).status).toBe(400);
  expect((await newRows()).every((row) => row.visitor_id === visitor && !('consent' in row))).toBe(true);
});

describe('a browser without a cookie', () => {
  const browser = { site: 'demo', address: '203.0.113.77', userAgent: chrome };
  const name = dailyVisitor('secret', 'Europe/Moscow');

  test('is named by the day, its address is not kept, and its answer names no visitor', async () => {
    const { body, cookie } = await send({ visitor, cookieless: true, events: [pageview(20), pageview(21)] });
    expect(body).toEqual({ visitor: null, visit: expect.any(String), visit_code: expect.stringMatching(/^\d+$/) });
    expect(cookie).toBeNull();
    const rows = await newRows();
    expect(rows.map((row) => row.visitor_id)).toEqual([name(browser, nowMs), name(browser, nowMs)]);
    expect(rows[0]).toMatchObject({ user_agent: chrome, consent: 'cookieless' });
    expect(rows[0]).not.toHaveProperty('ip');
    expect(rows[0]?.visit_id).toBe(rows[1]?.visit_id);
    expect(JSON.stringify(rows)).not.toMatch(/203\.0\.113|00000000-0000-4000-8000-000000000900/);
  });

  test('by the image is named the same', async () => {
    const query = `site=demo&cookieless=1&id=${uuid(22)}`;
    const headers = { 'User-Agent': chrome, 'X-Forwarded-For': '203.0.113.77', Cookie: `tl_vid=${visitor}` };
    const response = await fetch(`${collector.url}/collect.gif?${query}`, { headers });
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(await newRows()).toMatchObject([{ visitor_id: name(browser, nowMs) }]);
  });

  test('who refused as well is counted without any name', async () => {
    const { body } = await send({ cookieless: true, consent: 'denied', events: [pageview(23)] });
    expect(body).toEqual(refusal);
    expect((await newRows())[0]?.visitor_id).not.toBe(name(browser, nowMs));
  });

  test('is another on another local day, site, address or with another secret, and the same in every process', () => {
    const eveningMs = Date.parse('2026-01-15T20:59:59.999Z');
    expect(name(browser, eveningMs)).toBe(name(browser, nowMs));
    expect(dailyVisitor('secret', 'Europe/Moscow')(browser, nowMs)).toBe(name(browser, nowMs));
    expect(name({ ...browser, address: '::ffff:203.0.113.77' }, nowMs)).toBe(name(browser, nowMs));
    const others = [
      name(browser, eveningMs + 1),
      name({ ...browser, site: 'other' }, nowMs),
      name({ ...browser, address: '203.0.113.78' }, nowMs),
      name({ ...browser, userAgent: `${chrome} ` }, nowMs),
      dailyVisitor('another', 'Europe/Moscow')(browser, nowMs),
    ];
    expect(new Set([...others, name(browser, nowMs)]).size).toBe(6);
    for (const other of others)
      expect(other).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

test('the mark of a link between domains is not kept in any address', async () => {
  const mark = '_tl=a.b.c.d';
  const fields = {
    url: `https://shop.example/?${mark}`,
    referrer: `https://two.example/?x=1&${mark}`,
    form: { page: `/?${mark}` },
  };
  await send({ events: [pageview(30, fields)] });
  const [row] = await newRows();
  expect(row).toMatchObject({ url: 'https://shop.example/', referrer: 'https://two.example/?x=1', form_page: '/' });
});

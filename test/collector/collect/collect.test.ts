import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { request } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import { VisitCodesError } from '../../../collector/create-collector.ts';
import { diskFs } from '../../../collector/spool/spool-fs.ts';
import { contactHasher } from '../../../domain/contact.ts';
import { readVisitCode } from '../../../domain/visit-code.ts';
import { silentLogger } from '../../../warehouse/logger.ts';
import { rawEvents } from '../../../warehouse/tables/raw-events.ts';
import {
  nowMs,
  pageview,
  startCollector,
  type TestCollector,
  type TestCollectorOptions,
  uuid,
} from '../support/test-collector.ts';

let collector: TestCollector;
afterEach(() => collector.remove());

const start = async (options: TestCollectorOptions = {}) => {
  collector = await startCollector(options);
};

const post = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${collector.url}/collect`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'Content-Type': 'text/plain', ...headers },
  });

interface AnswerBody {
  visitor: string;
  visit: string;
  visit_code: string;
  detail: string;
  rejected: { index: number; reason: string }[];
}
const read = async (answer: Response): Promise<AnswerBody> => (await answer.json()) as AnswerBody;

const batch = (...events: unknown[]) => ({ site: 'demo', visitor: uuid(900), events });

describe('a good batch', () => {
  test('is taken plain, also where it says so, and refused compressed', async () => {
    await start();
    const statuses = [];
    for (const encoding of ['identity', 'Identity', 'gzip', 'identity, br'])
      statuses.push((await post(batch(pageview(1)), { 'Content-Encoding': encoding })).status);
    expect(statuses).toEqual([200, 200, 415, 415]);
  });

  test('is on disk as rows of raw_events before the answer', async () => {
    await start();
    const answer = await post(batch(pageview(1, { visit: uuid(700), title: 'Home', referrer: 'https://yandex.ru/' })));
    expect(answer.status).toBe(200);
    const body = await read(answer);
    expect(body).toEqual({ visitor: uuid(900), visit: uuid(700), visit_code: expect.stringMatching(/^\d{6}$/) });
    expect(readVisitCode(body.visit_code)).toBe(body.visit_code);
    const rows = await collector.rows('events');
    expect(rows).toEqual([
      {
        batch: expect.stringMatching(/^events-[0-9a-f]{8}-\d+-000000$/),
        project: 'shop',
        site: 'demo',
        event_id: uuid(1),
        visitor_id: uuid(900),
        visit_id: uuid(700),
        visit_code: Number(body.visit_code),
        type: 'pageview',
        occurred_at: '2026-01-15T11:59:59.000Z',
        received_at: '2026-01-15T12:00:00.000Z',
        url: 'https://shop.example/',
        referrer: 'https://yandex.ru/',
        title: 'Home',
        ip: '127.0.0.0',
        user_agent: 'node',
        channel_in: 'collect',
      },
    ]);
  });

  test('fills only columns that the table has', async () => {
    await start();
    const full = pageview(1, {
      type: 'purchase',
      form: { id: 'callback', name: 'Call me', page: '/contacts' },
      order: { id: 17, amount: 1990.5, currency: 'rub' },
      items: [{ id: 'sku1', name: 'Kettle', price: 990, quantity: 2 }],
      user: { phone: '8 (999) 123-45-67', email: 'Buyer@Example.com', id: 5, ym_client_id: '163' },
      props: { colour: 'red' },
    });
    await post(batch(full));
    const [row = {}] = await collector.rows('events');
    const columns = Object.keys(rawEvents.columns);
    expect(Object.keys(row).filter((key) => !columns.includes(key))).toEqual([]);
    expect(row).toMatchObject({ order_id: '17', order_amount: '1990.5', order_currency: 'RUB', user_id: '5' });
    expect(JSON.parse(String(row.items))).toEqual([{ id: 'sku1', name: 'Kettle', price: '990', quantity: '2' }]);
  });

  test('keeps no plain phone or e-mail', async () => {
    await start();
    const user = { phone: '8 (999) 123-45-67', email: 'Buyer@Example.com', id: 'buyer@example.com' };
    const props = { note: 'call +7 999 123-45-67 or buyer@example.com', name: 'size' };
    const url = 'https://shop.example/?email=buyer%40example.com&phone=89991234567&utm_content=71234567890#top';
    await post(batch(pageview(1, { user, props, url })));
    const [row = {}] = await collector.rows('events');
    const hasher = contactHasher('secret');
    expect(row).toMatchObject({
      phone_hash: hasher.phone('+79991234567'),
      email_hash: hasher.email('buyer@example.com'),
      user_id: hasher.email('buyer@example.com'),
      props: '{"note":"call [phone] or [e-mail]","name":"size"}',
      url: 'https://shop.example/?email=[e-mail]&phone=[phone]&utm_content=71234567890#top',
    });
  });

  test('is read whatever its Content-Type and with a byte order mark', async () => {
    await start();
    const text = `\ufeff${JSON.stringify(batch(pageview(1)))}`;
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'image/png']) {
      expect((await post(text, { 'Content-Type': type })).status).toBe(200);
    }
  });
});

describe('the envelope', () => {
  const malformed: [string, unknown, string][] = [
    ['no JSON', 'hello', 'JSON'],
    ['an empty body', '', 'JSON'],
    ['half a JSON', '{"site":"demo","events":[', 'JSON'],
    ['an array', [], 'object'],
    ['null', null, 'object'],
    ['no site', { events: [pageview(1)] }, 'site'],
    ['a site that is a number', { site: 5, events: [pageview(1)] }, 'site'],
    ['a visitor that is no UUID', { site: 'demo', visitor: 'me', events: [pageview(1)] }, 'visitor'],
    ['no events', { site: 'demo', events: [] }, 'events'],
    ['events that are no list', { site: 'demo', events: {} }, 'events'],
    ['101 events', { site: 'demo', events: Array.from({ length: 101 }, (_, index) => pageview(index)) }, 'events'],
  ];
  test.each(malformed)(
    'with %s is refused with 400 and its place, and nothing is taken',
    async (_name, body, place) => {
      await start();
      const answer = await post(body);
      expect(answer.status).toBe(400);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      const problem = await read(answer);
      expect(problem).toMatchObject({ type: 'about:blank', title: 'The request is malformed', status: 400 });
      expect(problem.detail).toContain(place);
      expect(await collector.rows('events')).toEqual([]);
    },
  );

  test('of more than 64 KiB is refused with 413', async () => {
    await start();
    for (const size of [65 * 1024, 10 * 1024 * 1024]) {
      const answer = await post(batch(pageview(1, { title: 'x'.repeat(size) })));
      expect(answer.status).toBe(413);
    }
    expect(await collector.rows('events')).toEqual([]);
  });

  test('of more than 64 KiB sent in chunks is refused with 413', async () => {
    await start();
    const chunks = new ReadableStream({
      start(controller) {
        for (let count = 0; count < 40; count += 1) controller.enqueue(new TextEncoder().encode('x'.repeat(4096)));
        controller.close();
      },
    });
    const init = { method: 'POST', body: chunks, duplex: 'half' } as RequestInit;
    expect((await fetch(`${collector.url}/collect`, init)).status).toBe(413);
  });

  test('nested ten thousand levels deep does not harm', async () => {
    await start();
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
    expect((await post(deep)).status).toBe(400);
    const answer = await post(
      `{"site":"demo","events":[{"id":"${uuid(1)}","type":"goal","ts":${nowMs},"props":{"a":${deep}}}]}`,
    );
    expect(answer.status).toBe(200);
    expect((await read(answer)).rejected).toMatchObject([{ index: 0, reason: 'too_deep' }]);
    expect(await collector.rows('events')).toEqual([]);
    expect(await collector.rows('rejected')).toMatchObject([{ reason: 'too_deep', place: 'events.0.props' }]);
  });
});

describe('a batch with some bad events', () => {
  test('keeps the good and tells and stores the bad', async () => {
    await start();
    const bad = [
      { ...pageview(2), id: 'x' },
      pageview(3, { type: 'nonsense' }),
      pageview(4, { ts: '2026-01-01' }),
      pageview(5, { ts: 1e9 }),
      pageview(6, { ts: 1e20 }),
      pageview(7, { ts: nowMs - 8 * 86_400_000 }),
      pageview(8, { ts: nowMs + 2 * 86_400_000 }),
      null,
      'text',
      [],
    ];
    const answer = await post(batch(pageview(1), ...bad, pageview(20)));
    expect(answer.status).toBe(200);
    const { rejected } = await read(answer);
    const reasons = rejected.map(({ index, reason }) => [index, reason]);
    expect(reasons).toEqual([
      [1, 'invalid'],
      [2, 'invalid'],
      [3, 'invalid'],
      [4, 'ts_too_old'],
      [5, 'invalid'],
      [6, 'ts_too_old'],
      [7, 'ts_in_future'],
      [8, 'invalid'],
      [9, 'invalid'],
      [10, 'invalid'],
    ]);
    expect((await collector.rows('events')).map((row) => row.event_id)).toEqual([uuid(1), uuid(20)]);
    const kept = await collector.rows('rejected');
    expect(kept).toHaveLength(10);
    expect(kept[1]).toMatchObject({ source: 'collect', entity: 'event', reason: 'invalid', place: 'events.2.type' });
  });

  test('stores no plain contact of a bad event', async () => {
    await start();
    const user = { phone: '+79991234567', email: 'buyer@example.com' };
    await post(batch(pageview(1, { type: 'nonsense', user, props: { note: 'buyer@example.com' } })));
    const [row = {}] = await collector.rows('rejected');
    expect(JSON.stringify(row)).not.toMatch(/buyer|9991234567/);
  });

  test('answers with a visit of null when none is good', async () => {
    await start();
    const answer = await post(batch({}));
    expect(await read(answer)).toMatchObject({ visitor: uuid(900), visit: null, visit_code: null });
  });
});

describe('time', () => {
  test('of a clock up to a day ahead becomes the time of receipt', async () => {
    await start();
    await post(batch(pageview(1, { ts: nowMs + 23 * 3_600_000 })));
    expect(await collector.rows('events')).toMatchObject([{ occurred_at: '2026-01-15T12:00:00.000Z' }]);
  });

  test('up to 7 days back stays as it is', async () => {
    await start();
    await post(batch(pageview(1, { ts: nowMs - 7 * 86_400_000 })));
    expect(await collector.rows('events')).toMatchObject([{ occurred_at: '2026-01-08T12:00:00.000Z' }]);
  });
});

test('lone surrogates become the replacement character everywhere', async () => {
  await start();
  const text = `{"site":"demo","events":[{"id":"${uuid(1)}","type":"goal","ts":${nowMs},"title":"a\\ud83d","props":{"k\\udc00":["\\ud83d"]}}]}`;
  expect((await post(text)).status).toBe(200);
  expect(await collector.rows('events')).toMatchObject([{ title: 'a\ufffd', props: '{"k\ufffd":["\ufffd"]}' }]);
});

describe('who may send', () => {
  const origin = { Origin: 'https://shop.example' };

  test('an unknown site is refused with 403', async () => {
    await start();
    expect((await post({ ...batch(pageview(1)), site: 'other' })).status).toBe(403);
    expect(await collector.rows('events')).toEqual([]);
  });

  test('a foreign origin is refused with 403 and may not read the answer', async () => {
    await start();
    for (const foreign of [
      'https://evil.example',
      'null',
      'https://shop.example.evil.example',
      'http://shop.example',
    ]) {
      const answer = await post(batch(pageview(1)), { Origin: foreign });
      expect(answer.status).toBe(403);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
    expect(await collector.rows('events')).toEqual([]);
  });

  test("the site's own origin is let in and may read the answer with credentials", async () => {
    await start();
    const answer = await post(batch(pageview(1)), origin);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
    expect(answer.headers.get('vary')).toBe('Origin');
  });

  test('without listed origins the domains and their subdomains may send', async () => {
    await start({ sites: [{ key: 'demo', domains: ['shop.example'], origins: [] }] });
    expect((await post(batch(pageview(1)), { Origin: 'https://www.shop.example' })).status).toBe(200);
    expect((await post(batch(pageview(1)), { Origin: 'https://myshop.example' })).status).toBe(403);
  });

  test('a first try on loopback takes every origin', async () => {
    await start({ isOpenOnLoopback: true });
    expect((await post(batch(pageview(1)), { Origin: 'http://localhost:3000' })).status).toBe(200);
  });

  test('a first try behind a proxy takes no foreign origin: everybody comes from loopback there', async () => {
    await start({ isOpenOnLoopback: true });
    const headers = { Origin: 'https://elsewhere.example', 'X-Forwarded-For': '203.0.113.9' };
    expect((await post(batch(pageview(1)), headers)).status).toBe(403);
  });

  test('a preflight lets the own origin through and no other', async () => {
    await start();
    const preflight = (from: string) =>
      fetch(`${collector.url}/collect`, {
        method: 'OPTIONS',
        headers: {
          Origin: from,
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'content-type',
        },
      });
    const own = await preflight('https://shop.example');
    expect(own.status).toBe(204);
    expect(own.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(own.headers.get('access-control-allow-headers')).toBe('Content-Type');
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });

  test('another method is refused with 405', async () => {
    await start();
    const answer = await fetch(`${collector.url}/collect`);
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST, OPTIONS');
  });
});

describe('the visitor', () => {
  const withoutVisitor = (...events: unknown[]) => ({ site: 'demo', events });

  test('of the cookie wins over the one that a page made anew, and the row keeps nothing of that', async () => {
    await start();
    const answer = await post(batch(pageview(1)), { Cookie: `a=b; tl_vid=${uuid(901)}` });
    expect((await read(answer)).visitor).toBe(uuid(901));
    expect(answer.headers.get('set-cookie')).toBeNull();
    const [row = {}] = await collector.rows('events');
    expect(row).toMatchObject({ visitor_id: uuid(901) });
    expect(JSON.stringify(row)).not.toContain(uuid(900));
  });

  test('of the body is taken without a cookie, which then carries it', async () => {
    await start();
    const answer = await post(batch(pageview(1)));
    expect((await read(answer)).visitor).toBe(uuid(900));
    expect(answer.headers.get('set-cookie')).toBe(
      `tl_vid=${uuid(900)}; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax`,
    );
  });

  test('is that of the cookie when the body names none, and the cookie is not set again', async () => {
    await start();
    const answer = await post(withoutVisitor(pageview(1)), { Cookie: `tl_vid=${uuid(901)}` });
    expect((await read(answer)).visitor).toBe(uuid(901));
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  test('is the same for a retry when nobody names one, after a restart too', async () => {
    await start();
    const first = await read(await post(withoutVisitor(pageview(1), pageview(2))));
    await collector.close();
    const again = await startCollector({ dataDir: collector.dir });
    const retry = await fetch(`${again.url}/collect`, {
      method: 'POST',
      body: JSON.stringify(withoutVisitor(pageview(1), pageview(2))),
    });
    const second = await read(retry);
    collector = again;
    expect(second.visitor).toBe(first.visitor);
    expect(second.visit).toBe(first.visit);
  });

  test('of a broken cookie is made anew', async () => {
    await start();
    const answer = await post(withoutVisitor(pageview(1)), { Cookie: 'tl_vid=<script>' });
    expect((await read(answer)).visitor).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers.get('set-cookie')).toContain('tl_vid=');
  });

  test('is nobody, and no cookie is set, when nothing was taken of a sender that names none', async () => {
    await start();
    const bad = { id: 'x', type: 'pageview', ts: 1 };
    for (const events of [[bad], [pageview(1, { ts: nowMs - 8 * 86_400_000 })]]) {
      const answer = await post(withoutVisitor(...events));
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(await read(answer)).toMatchObject({
        visitor: null,
        visit: null,
        visit_code: null,
        rejected: [{ index: 0 }],
      });
    }
    const named = await post({ ...batch(bad) });
    expect((await read(named)).visitor).toBe(uuid(900));
  });

  test('gets a Secure cookie behind a trusted proxy that speaks https', async () => {
    await start({ proxies: 1 });
    const answer = await post(batch(pageview(1)), { 'X-Forwarded-Proto': 'https' });
    expect(answer.headers.get('set-cookie')).toMatch(/; Secure$/);
  });

  test.each([
    ['https, http', true],
    ['HTTPS', true],
    ['http, https', false],
  ])('behind proxies that say %s gets a Secure cookie: %s', async (proto, isSecure) => {
    await start({ proxies: 2 });
    const answer = await post(batch(pageview(1)), { 'X-Forwarded-Proto': proto });
    expect(/; Secure$/.test(answer.headers.get('set-cookie') ?? '')).toBe(isSecure);
  });
});

describe('the visit', () => {
  test('that no event names runs on until 30 minutes of silence', async () => {
    await start();
    const visitAt = async (number: number, ts: number) =>
      (await read(await post(batch(pageview(number, { ts }))))).visit;
    const first = await visitAt(1, nowMs - 3_600_000);
    expect(await visitAt(2, nowMs - 3_600_000 + 29 * 60_000)).toBe(first);
    const second = await visitAt(3, nowMs);
    expect(second).not.toBe(first);
    expect(second).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/);
  });

  test('has one code, another visit another, and codes are not given twice after a restart', async () => {
    await start();
    const codeOf = async (number: number, visit: string) =>
      (await read(await post(batch(pageview(number, { visit }))))).visit_code;
    const first = await codeOf(1, uuid(701));
    expect(await codeOf(2, uuid(701))).toBe(first);
    const second = await codeOf(3, uuid(702));
    expect(second).not.toBe(first);
    await collector.close();
    collector = await startCollector({ dataDir: collector.dir });
    expect([first, second]).not.toContain(await codeOf(4, uuid(703)));
  });

  const firstCodeOf = async () => (await read(await post(batch(pageview(1, { visit: uuid(701) }))))).visit_code;

  test.each([
    ['empty', ''],
    ['full of zeros', '\0'.repeat(5)],
    ['missing where codes were given', undefined],
  ])('goes on far from the codes that were given, with a warning, when their counter is %s', async (_name, text) => {
    await start();
    await firstCodeOf();
    await collector.close();
    const file = join(collector.dir, 'visit-codes');
    await rm(file);
    if (text !== undefined) await writeFile(file, text);
    const warned: object[] = [];
    const logger = { ...silentLogger, warn: (fields: object) => warned.push(fields) };
    collector = await startCollector({ dataDir: collector.dir, wasCounting: async () => true, logger });
    expect(warned).toMatchObject([{ file }]);
    const code = await firstCodeOf();
    expect(readVisitCode(code)).toBe(code);
    expect(Number(code)).toBeGreaterThan(50_000_000);
    await collector.close();
    collector = await startCollector({ dataDir: collector.dir });
    expect(Number(await firstCodeOf())).toBeGreaterThan(Number(code));
  });

  test('a counter of codes that cannot be read stops the start with its name and the cure', async () => {
    await start();
    await collector.close();
    const file = join(collector.dir, 'visit-codes');
    await mkdir(file);
    const again = startCollector({ dataDir: collector.dir });
    await expect(again).rejects.toThrow(VisitCodesError);
    await expect(again).rejects.toThrow(new RegExp(`${file}.*EISDIR.*move it away`));
    await rm(file, { recursive: true });
    await start({ dataDir: collector.dir });
  });
});

describe('the address', () => {
  const stored: [string, string][] = [
    ['203.0.113.77', '203.0.113.0'],
    ['2001:db8:aa:bb:1::5', '2001:db8:aa::'],
    ['2001:db8::1', '2001:db8:0::'],
    ['::ffff:203.0.113.77', '203.0.113.0'],
    ['::ffff:cb00:714d', '203.0.113.0'],
    ['2001:DB8:AA::192.0.2.1', '2001:db8:aa::'],
    ['fe80::1%eth0', 'fe80:0:0::'],
    ['1.2.3.4, 2001:db8:aa::5', '2001:db8:aa::'],
    ['2001:db8:aa::5, ', '127.0.0.0'],
    ['[2001:db8:aa::1]:443', '2001:db8:aa::'],
    ['203.0.113.77:8080', '203.0.113.0'],
    ['rubbish', '127.0.0.0'],
  ];
  test.each(stored)('%s behind a trusted proxy is kept as %s', async (sent, kept) => {
    await start({ proxies: 1 });
    await post(batch(pageview(1)), { 'X-Forwarded-For': sent });
    expect(await collector.rows('events')).toMatchObject([{ ip: kept }]);
  });

  test.each([
    ['203.0.113.77, 192.0.2.9', '203.0.113.0'],
    ['6.6.6.6, 203.0.113.77, 192.0.2.9', '203.0.113.0'],
    ['203.0.113.77', '203.0.113.0'],
  ])('%s behind two trusted proxies is kept as %s', async (sent, kept) => {
    await start({ proxies: 2 });
    await post(batch(pageview(1)), { 'X-Forwarded-For': sent });
    expect(await collector.rows('events')).toMatchObject([{ ip: kept }]);
  });

  test('in X-Forwarded-For counts for nothing without a trusted proxy', async () => {
    await start();
    await post(batch(pageview(1)), { 'X-Forwarded-For': '203.0.113.77' });
    expect(await collector.rows('events')).toMatchObject([{ ip: '127.0.0.0' }]);
  });
});

describe('the pixel', () => {
  const gif = (query: string, headers: Record<string, string> = {}) =>
    fetch(`${collector.url}/collect.gif${query}`, { headers });

  test('takes one pageview, sets the cookie and answers 43 bytes that nobody may keep', async () => {
    await start();
    const answer = await gif(
      `?site=demo&visitor=${uuid(900)}&id=${uuid(1)}&url=${encodeURIComponent('https://shop.example/?utm_source=mail')}&title=Hi`,
    );
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('image/gif');
    expect(answer.headers.get('cache-control')).toContain('no-store');
    expect(answer.headers.get('set-cookie')).toContain(uuid(900));
    expect((await answer.arrayBuffer()).byteLength).toBe(43);
    expect(await collector.rows('events')).toMatchObject([
      {
        event_id: uuid(1),
        type: 'pageview',
        url: 'https://shop.example/?utm_source=mail',
        channel_in: 'pixel',
        title: 'Hi',
      },
    ]);
  });

  test.each(['', '?site=other', '?site=demo&visitor=x&url=%E0%A4%A', `?${'a=b&'.repeat(9)}`])(
    'answers the image to %s',
    async (query) => {
      await start();
      const answer = await gif(query);
      expect(answer.status).toBe(200);
      expect((await answer.arrayBuffer()).byteLength).toBe(43);
    },
  );

  test('sets no cookie when it is opened as a link, which may have been sent to many', async () => {
    await start();
    const cookieOf = async (dest: string): Promise<string | null> => {
      const answer = await gif(`?site=demo&visitor=${uuid(900)}`, { 'Sec-Fetch-Dest': dest });
      return answer.headers.get('set-cookie');
    };
    expect(await cookieOf('image')).toContain(uuid(900));
    for (const dest of ['document', 'iframe']) expect(await cookieOf(dest)).toBeNull();
  });

  test('takes the page from the Referer when the address does not name it', async () => {
    await start();
    await gif('?site=demo', { Referer: 'https://shop.example/page' });
    expect(await collector.rows('events')).toMatchObject([{ url: 'https://shop.example/page' }]);
  });
});

describe('a disk that fails', () => {
  test('is answered with 503 and Retry-After, and what was sent again after it recovered is taken once', async () => {
    let isFull = false;
    const fs = {
      ...diskFs,
      async create(path: string) {
        const file = await diskFs.create(path);
        const write = async (bytes: Buffer) => {
          if (!isFull) return file.write(bytes);
          await file.write(bytes.subarray(0, 10));
          throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
        };
        return { ...file, write };
      },
    };
    await start({ spoolOptions: { fs } });
    await post(batch(pageview(1)));
    isFull = true;
    const refused = await post(batch(pageview(2)));
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect((await read(refused)).detail).toContain('full');
    isFull = false;
    expect((await post(batch(pageview(2)))).status).toBe(200);
    expect((await collector.rows('events')).map((row) => row.event_id)).toEqual([uuid(1), uuid(2)]);
  });
});

test('the tracker is served to any site with an ETag', async () => {
  await start();
  const answer = await fetch(`${collector.url}/t.js`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toContain('javascript');
  expect(answer.headers.get('cache-control')).toBe('public, max-age=3600');
  const etag = answer.headers.get('etag') ?? '';
  // Node's fetch adds Cache-Control: no-cache to such a request.
  const again = await request(`${collector.url}/t.js`, { headers: { 'If-None-Match': etag } });
  expect(again.statusCode).toBe(304);
});

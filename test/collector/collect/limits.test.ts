import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { CurrentVisits } from '../../../collector/collect/current-visits.ts';
import { createRateLimit, defaultLimits, sharedLimits } from '../../../collector/collect/rate-limit.ts';
import {
  fakeClock,
  pageview,
  startCollector,
  type TestCollector,
  type TestCollectorOptions,
  uuid,
} from '../support/test-collector.ts';

const few = { perSecond: 1, burst: 2 };
const minuteMs = 60_000;

describe('a collector with limits', () => {
  let collector: TestCollector;
  afterEach(() => collector.remove());

  const start = async (options: TestCollectorOptions): Promise<void> => {
    collector = await startCollector({ proxies: 1, ...options });
  };
  const from = (address: string, site = 'demo', events: readonly object[] = [pageview(1)]): Promise<Response> =>
    fetch(`${collector.url}/collect`, {
      method: 'POST',
      body: JSON.stringify({ site, visitor: uuid(900), events }),
      headers: { 'X-Forwarded-For': `6.6.6.6, ${address}` },
    });

  test('answers 429 with Retry-After, to the address that exceeded it alone, until time has passed', async () => {
    await start({ limits: { ...defaultLimits, address: few } });
    expect((await from('203.0.113.7')).status).toBe(200);
    expect((await from('203.0.113.7')).status).toBe(200);
    const refused = await from('203.0.113.7');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await from('203.0.113.8')).status).toBe(200);
    collector.clock.nowMs += 1000;
    expect((await from('203.0.113.7')).status).toBe(200);
  });

  const codeOf = async (address: string, visits: readonly number[]): Promise<unknown> => {
    const events = visits.map((visit) => pageview(visit + 100 * visits.length, { visit: uuid(visit) }));
    return ((await (await from(address, 'demo', events)).json()) as Record<string, unknown>)['visit_code'];
  };

  test('gives few visits of an address a code at once: one client could use up all that there are', async () => {
    await start({ limits: { ...defaultLimits, address: { perSecond: 100, burst: 20 } } });
    const codes = [await codeOf('203.0.113.7', [1]), await codeOf('203.0.113.7', [2])];
    expect(codes).toEqual([expect.any(String), expect.any(String)]);
    expect(await codeOf('203.0.113.7', [3])).toBeNull();
    expect(await codeOf('203.0.113.7', [2])).toBe(codes[1]);
    expect(await codeOf('203.0.113.8', [4])).toEqual(expect.any(String));
    collector.clock.nowMs += 1000;
    expect(await codeOf('203.0.113.7', [3])).toEqual(expect.any(String));
  });

  test('gives a code to the visit alone that an answer names, however many a batch tells of', async () => {
    await start({});
    const earlier = await codeOf('203.0.113.7', [1]);
    const code = await codeOf('203.0.113.7', [1, 2, 3]);
    const rows = (await collector.rows('events')).slice(1);
    expect(rows.map((row) => String(row['visit_code']))).toEqual([earlier, '0', code]);
    const [one, other] = [earlier, code].map((spoken) => Number(String(spoken).slice(0, -1)));
    expect((other ?? 0) - (one ?? 0)).toBe(1);
  });

  test('counts all addresses of one IPv6 customer together', async () => {
    await start({ limits: { ...defaultLimits, address: few } });
    const statuses = [];
    for (const host of [':1', 'abcd::1', '0:0:0:2']) statuses.push((await from(`2001:db8:1:2:${host}`)).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect((await from('2001:db8:1:3::1')).status).toBe(200);
  });

  test('answers 429 to a site that all addresses together exceeded, and goes on taking from the others', async () => {
    const site = (key: string) => ({ key, domains: ['shop.example'], origins: [] });
    await start({ limits: { ...defaultLimits, site: few }, sites: [site('demo'), site('other')] });
    for (const address of ['203.0.113.1', '203.0.113.2']) expect((await from(address)).status).toBe(200);
    const refused = await from('203.0.113.3');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('raise collector.limits.site') });
    expect((await from('203.0.113.3', 'other')).status).toBe(200);
    collector.clock.nowMs += 1000;
    expect((await from('203.0.113.3')).status).toBe(200);
    expect(await collector.rows('events')).toHaveLength(4);
  });

  const many = (count: number): object[] => Array.from({ length: count }, (_, index) => pageview(index));
  const large = [pageview(1, { props: { text: 'x'.repeat(40 * 1024) } })];

  test.each([
    ['of many events, by each ten that it begins', many(51)],
    ['of a few large events, by each 8 KB that it begins', large],
  ])('counts a batch %s: it is taken, and the address waits the longer', async (_name, events) => {
    await start({ limits: { ...defaultLimits, address: few } });
    expect((await from('203.0.113.7', 'demo', events)).status).toBe(200);
    const refused = await from('203.0.113.7');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
    collector.clock.nowMs += 5000;
    expect((await from('203.0.113.7', 'demo', many(10))).status).toBe(200);
    expect((await from('203.0.113.7')).status).toBe(429);
  });

  test('counts large batches of all addresses against the site', async () => {
    await start({ limits: { ...defaultLimits, site: few } });
    expect((await from('203.0.113.1', 'demo', many(51))).status).toBe(200);
    const refused = await from('203.0.113.2');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
  });

  test('does not count requests of an unknown site or a foreign origin against the site', async () => {
    await start({ limits: { ...defaultLimits, site: few } });
    const foreign = { 'X-Forwarded-For': '203.0.113.9', Origin: 'https://evil.example' };
    const body = JSON.stringify({ site: 'demo', visitor: uuid(900), events: [pageview(1)] });
    for (const _ of [1, 2, 3]) {
      const answer = await fetch(`${collector.url}/collect`, { method: 'POST', body, headers: foreign });
      expect(answer.status).toBe(403);
    }
    expect((await from('203.0.113.3')).status).toBe(200);
  });

  test('does not limit what comes over loopback: everybody does behind a proxy that is not trusted', async () => {
    await start({ proxies: 0, limits: { address: few, site: few } });
    for (const _ of [1, 2, 3, 4]) expect((await from('203.0.113.7')).status).toBe(200);
  });
});

describe('bodies that arrive at the same time', () => {
  const part = `{"site":"demo","title":"${'x'.repeat(15_000)}",`;
  const answerTo = (sent: ClientRequest): Promise<IncomingMessage> =>
    new Promise((resolve) => sent.on('response', resolve));
  const rest = `"events":[${JSON.stringify(pageview(1))}]}`;

  test('are put off with 503 and Retry-After while too much of others waits for its end; those go on, and who comes whole', async () => {
    const collector = await startCollector({ maxReadingBytes: 20_000 });
    const post = (): Promise<Response> => {
      const body = ReadableStream.from([Buffer.from(part), Buffer.from(rest)]);
      return fetch(`${collector.url}/collect`, { method: 'POST', body, duplex: 'half' });
    };
    const slow = request(`${collector.url}/collect`, { method: 'POST' });
    const answer = answerTo(slow);
    slow.write(part);
    await expect.poll(async () => (await post()).status).toBe(503);
    expect((await post()).headers.get('retry-after')).toBe('5');
    // On a connection of its own: the others are with node.
    const agent = new Agent({ keepAlive: true });
    const whole = request(`${collector.url}/collect`, { method: 'POST', agent }).end(part + rest);
    expect((await answerTo(whole)).statusCode).toBe(200);
    agent.destroy();
    slow.end(rest);
    expect((await answer).statusCode).toBe(200);
    expect((await post()).status).toBe(200);
    await collector.remove();
  });
});

test('limits are divided among processes, and one that takes a part still takes', () => {
  const shared = sharedLimits({ address: { perSecond: 100, burst: 1 }, site: { perSecond: 1000, burst: 4000 } }, 4);
  expect(shared).toEqual({ address: { perSecond: 25, burst: 1 }, site: { perSecond: 250, burst: 1000 } });
});

describe('a clock that is set back an hour', () => {
  test('blocks no address that had requests left, and lets a blocked one go on after the time it was told', () => {
    const clock = fakeClock();
    const { spend: limit } = createRateLimit({ perSecond: 1, burst: 3 }, clock);
    expect([limit('a'), limit('a')]).toEqual([0, 0]);
    clock.nowMs -= 60 * minuteMs;
    expect([limit('a'), limit('a')]).toEqual([0, 1]);
    clock.nowMs += 1000;
    expect(limit('a')).toBe(0);
  });

  test('goes on with the running visit', () => {
    const visits = new CurrentVisits();
    const visit = visits.visitOf('visitor', { id: uuid(1), ts: 100 * minuteMs });
    expect(visits.visitOf('visitor', { id: uuid(2), ts: 40 * minuteMs })).toBe(visit);
    expect(visits.visitOf('visitor', { id: uuid(3), ts: 41 * minuteMs })).toBe(visit);
  });
});

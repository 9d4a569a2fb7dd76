import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SourceError } from '../../etl/errors.ts';
import { createHttpClient, type HttpClient, type HttpClientDeps, type Retry } from '../../etl/http.ts';
import { createRateLimiter } from '../../etl/rate-limit.ts';
import { FakeTime } from '../support/fake-time.ts';
import { type FakeVendor, startFakeVendor, type VendorReply } from '../support/fake-vendor.ts';

let vendor: FakeVendor;
let time: FakeTime;
let logged: string[];
let client: HttpClient;

beforeEach(async () => {
  time = new FakeTime('2026-01-10T12:00:00Z');
  logged = [];
  vendor = await startFakeVendor(() => ({ body: { fine: true } }));
  client = clientWith({});
});

afterEach(async () => {
  await client.close();
  await vendor.close();
});

function clientWith(more: Partial<HttpClientDeps>): HttpClient {
  const keep = (fields: object, message: string): void => {
    logged.push(`${message} ${JSON.stringify(fields)}`);
  };
  return createHttpClient({
    clock: time,
    sleep: time.sleep,
    random: () => 0.5,
    limiter: createRateLimiter({ perSecond: 1000, burst: 1000 }, time, time.sleep),
    log: { info: keep, warn: keep, error: keep },
    ...more,
  });
}

/** Answers in turn; the last answer stays. */
function answer(...replies: VendorReply[]): void {
  let next = 0;
  vendor.answerWith(() => {
    const reply = replies[Math.min(next, replies.length - 1)];
    next += 1;
    return reply ?? {};
  });
}

const failureOf = async (work: Promise<unknown>): Promise<SourceError> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof SourceError) return error;
  throw new Error(`expected a SourceError, got ${String(error)}`);
};

describe('an address where nothing answers', () => {
  it('is told by its origin without the path, with each wait and the cure, and is not waited for a second time', async () => {
    const waits: Retry[] = [];
    const silent = clientWith({ onRetry: (retry) => waits.push(retry), secrets: ['s3cret'] });
    const { url } = vendor;
    await vendor.close();
    const failure = await failureOf(silent.json({ url: `${url}/rest/1/s3cret/crm.deal.list` }));
    expect(failure.message).toMatch(
      new RegExp(`^${url} did not answer: .*ECONNREFUSED.*Check the address in the settings`),
    );
    expect(waits.map(({ attempt, attempts, waitMs }) => [attempt, attempts, waitMs])).toEqual(
      [250, 500, 1000, 2000, 4000, 8000, 16000].map((waitMs, index) => [index + 2, 8, waitMs]),
    );
    for (const { why } of waits) expect(why).toContain(`${url} did not answer`);
    await failureOf(silent.json({ url }));
    expect(waits).toHaveLength(7);
    await silent.close();
    vendor = await startFakeVendor(() => ({}));
  });
});

describe('a request', () => {
  it('sends JSON and reads JSON', async () => {
    const value = await client.json({ url: `${vendor.url}/a?b=1`, json: { text: 'чай' } });
    expect(value).toEqual({ fine: true });
    expect(vendor.requests[0]).toMatchObject({ method: 'POST', path: '/a', body: '{"text":"чай"}' });
  });

  it('sends basic auth and gives the bytes as they came', async () => {
    answer({ body: '\ufeffстрока' });
    const response = await client.request({ url: vendor.url, basicAuth: { user: 'u', password: 'p:1' } });
    expect(vendor.requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from('u:p:1').toString('base64')}`);
    expect(Buffer.from(response.bytes).toString('utf8')).toBe('\ufeffстрока');
  });

  it('backs off exponentially, with jitter, while the server fails', async () => {
    answer({ status: 500 }, { status: 502 }, { status: 503 }, { body: { fine: true } });
    await client.json({ url: vendor.url });
    expect(time.slept).toEqual([250, 500, 1000]);
  });

  it('waits at least as long as Retry-After says, in seconds or as a date', async () => {
    answer(
      { status: 429, headers: { 'retry-after': '30' } },
      { status: 503, headers: { 'retry-after': 'Sat, 10 Jan 2026 12:01:30 GMT' } },
      { body: {} },
    );
    await client.json({ url: vendor.url });
    expect(time.slept[0]).toBe(31_000);
    expect(time.now()).toBeGreaterThanOrEqual(Date.parse('2026-01-10T12:01:30Z'));
  });

  it('gives up when the vendor asks to wait for longer than a run should last', async () => {
    answer({ status: 429, headers: { 'retry-after': '7200' } });
    expect((await failureOf(client.json({ url: vendor.url }))).kind).toBe('limit');
    expect(time.slept).toEqual([]);
  });

  it('gives up after eight tries', async () => {
    answer({ status: 500, body: 'broken' });
    expect(await failureOf(client.json({ url: vendor.url }))).toMatchObject({
      kind: 'transient',
      message: 'HTTP 500: broken',
    });
    expect(vendor.requests).toHaveLength(8);
  });

  it.each([
    [401, 'auth'],
    [403, 'auth'],
    [404, 'gone'],
    [400, 'bad_data'],
    [302, 'settings'],
  ])('is not repeated after HTTP %d, which is %s', async (status, kind) => {
    answer({ status, body: 'no' });
    expect((await failureOf(client.json({ url: vendor.url }))).kind).toBe(kind);
    expect(vendor.requests).toHaveLength(1);
  });

  it('to a server that is not there is transient', async () => {
    const { url } = vendor;
    await vendor.close();
    const error = await failureOf(client.json({ url }));
    expect(error).toMatchObject({ kind: 'transient', message: expect.stringContaining('ECONNREFUSED') });
    vendor = await startFakeVendor(() => ({}));
  });

  it('that is not answered in time is transient', async () => {
    vendor.answerWith(() => new Promise<VendorReply>(() => {}));
    const hasty = clientWith({ backOff: { attempts: 1, baseMs: 1, capMs: 1, totalMs: 1 } });
    expect((await failureOf(hasty.json({ url: vendor.url, timeoutMs: 30 }))).kind).toBe('transient');
    await hasty.close();
  });

  it('ends at once when it is aborted', async () => {
    const stop = new AbortController();
    vendor.answerWith(() => new Promise<VendorReply>(() => stop.abort(new Error('stopped'))));
    const stoppable = clientWith({ signal: stop.signal });
    await expect(stoppable.json({ url: vendor.url })).rejects.toThrow('stopped');
    await stoppable.close();
  });

  it('refuses an answer larger than allowed', async () => {
    answer({ body: 'x'.repeat(1000) });
    expect((await failureOf(client.request({ url: vendor.url, maxBytes: 100 }))).kind).toBe('bad_data');
  });

  it('to an address that is none is a mistake in the settings', async () => {
    expect((await failureOf(client.json({ url: 'shop.bitrix24.ru/rest' }))).kind).toBe('settings');
  });

  it('keeps secrets, plain and percent-encoded, out of its errors and logs', async () => {
    const secret = 'пароль 1';
    vendor.answerWith((request) => ({ status: 500, body: `no ${request.path} ${encodeURIComponent(secret)}` }));
    const careful = clientWith({ secrets: [secret] });
    const error = await failureOf(careful.json({ url: `${vendor.url}/${encodeURIComponent(secret)}` }));
    expect(error.message).toBe('HTTP 500: no /*** ***');
    expect(logged).toHaveLength(7);
    expect(logged.join()).not.toMatch(/пароль|%D0/);
    await careful.close();
  });
});

describe('a rate limit', () => {
  it('lets a burst through and then one request each interval, in turn', async () => {
    const limiter = createRateLimiter({ perSecond: 2, burst: 3 }, time, time.sleep);
    const startedMs = time.now();
    const at: number[] = [];
    for (let request = 0; request < 6; request += 1) {
      await limiter.take();
      at.push(time.now() - startedMs);
    }
    expect(at).toEqual([0, 0, 0, 500, 1000, 1500]);
  });
});

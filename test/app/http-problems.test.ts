import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type ProblemDocument, problemType } from '../../domain/problem.ts';
import { WarehouseError } from '../../warehouse/warehouse-error.ts';
import { adminToken } from './support/product.ts';
import { type RawAnswer, rawRequest, sayRaw } from './support/raw-http.ts';
import { type ServedHere, serveHere } from './support/serve-here.ts';

let product: ServedHere;

beforeAll(async () => {
  product = await serveHere({
    roles: ['collector', 'reports'],
    timeouts: { headersMs: 600, requestMs: 1_500, silenceMs: 300_000, checkMs: 50 },
  });
});

afterAll(async () => {
  await product?.stop();
});

const bearer = `Authorization: Bearer ${adminToken}`;
const january = { metrics: ['visits'], from: '2026-01-01', to: '2026-01-31' };

const send = (method: string, path: string, more: RequestInit = {}): Promise<Response> =>
  fetch(`${product.url}${path}`, {
    method,
    ...more,
    headers: { authorization: `Bearer ${adminToken}`, ...more.headers },
  });

const ask = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Promise<Response> =>
  send('POST', '/api/v1/report', { body, headers: { 'content-type': 'application/json', ...headers } });

/** The problem of an answer, once it is one in every respect. */
async function problemOf(response: Response): Promise<ProblemDocument> {
  expect(response.headers.get('content-type')).toBe(problemType);
  return expectProblem(response.status, await response.text());
}

function expectProblem(status: number, text: string): ProblemDocument {
  const problem: ProblemDocument = JSON.parse(text);
  expect(Object.keys(problem).filter((key) => !['type', 'title', 'status', 'detail', 'errors'].includes(key))).toEqual(
    [],
  );
  expect(problem).toMatchObject({ type: 'about:blank', title: expect.any(String), status, detail: expect.any(String) });
  expect(text).not.toMatch(/<html|<pre| {4}at |SELECT |node_modules/);
  return problem;
}

const rawProblems = (answers: readonly RawAnswer[]): ProblemDocument[] =>
  answers
    .filter(({ status }) => status >= 400)
    .map(({ status, headers, body }) => {
      expect(headers['content-type']).toBe(problemType);
      return expectProblem(status, body);
    });

test('one status has one title, whichever part of the product answers', async () => {
  const answers = await Promise.all([
    fetch(`${product.url}/api/v1/report`),
    fetch(`${product.url}/api/v1/ingest/deals`, { method: 'POST' }),
    ask('{'),
    send('POST', '/collect', { body: '{' }),
    send('POST', '/api/v1/ingest/deals', { body: '{', headers: { 'content-type': 'application/json' } }),
    send('GET', '/nothing'),
    send('POST', '/api/v1/ingest/nothing'),
    ask(' '.repeat(2_000_000)),
    send('POST', '/collect', { body: ' '.repeat(70_000) }),
    ask('<a/>', { 'content-type': 'application/xml' }),
    send('POST', '/api/v1/ingest/deals', { body: '<a/>', headers: { 'content-type': 'application/xml' } }),
    send('PUT', '/collect'),
    send('PUT', '/api/v1/report'),
  ]);
  const titles = new Map<number, Set<string>>();
  for (const answer of answers) {
    const { status, title } = await problemOf(answer);
    titles.set(status, (titles.get(status) ?? new Set()).add(title));
  }
  expect([...titles.keys()].sort()).toEqual([400, 401, 404, 405, 413, 415]);
  for (const [status, found] of titles) expect([status, [...found]]).toEqual([status, [expect.any(String)]]);
});

describe('methods', () => {
  const routes: readonly [string, string][] = [
    ['/t.js', 'GET, HEAD, OPTIONS'],
    ['/', 'GET, HEAD, OPTIONS'],
    ['/healthz', 'GET, HEAD, OPTIONS'],
    ['/readyz', 'GET, HEAD, OPTIONS'],
    ['/metrics', 'GET, HEAD, OPTIONS'],
    ['/collect', 'POST, OPTIONS'],
    ['/collect.gif', 'GET, HEAD, OPTIONS'],
    ['/exchange/1c', 'GET, POST, OPTIONS'],
    ['/api/v1/ingest/deals', 'POST, OPTIONS'],
    ['/api/v1/session', 'GET, HEAD, POST, DELETE, OPTIONS'],
    ['/api/v1/report', 'GET, HEAD, POST, OPTIONS'],
    ['/api/v1/meta', 'GET, HEAD, OPTIONS'],
    ['/api/v1/values', 'GET, HEAD, OPTIONS'],
  ];

  test.each(routes)('%s tells that it takes %s, by OPTIONS and by 405, without a token too', async (path, allowed) => {
    for (const method of ['PUT', 'PATCH', 'GET', 'POST', 'DELETE'].filter((one) => !allowed.includes(one))) {
      const answer = await fetch(product.url + path, { method });
      expect([method, answer.status, answer.headers.get('allow')]).toEqual([method, 405, allowed]);
      await problemOf(answer);
    }
    const options = await fetch(product.url + path, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow'), await options.text()]).toEqual([204, allowed, '']);
  });

  test.each(routes.filter(([, allowed]) => allowed.includes('HEAD')).map(([path]) => path))(
    'HEAD %s answers the headers of GET and no body',
    async (path) => {
      // What comes compressed is unpacked before a test sees its length.
      const headers = { 'accept-encoding': 'identity' };
      const [head, get] = [await send('HEAD', path, { headers }), await send('GET', path, { headers })];
      expect(await head.text()).toBe('');
      expect(head.status).toBe(get.status);
      expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'));
      expect(Number(head.headers.get('content-length'))).toBe((await get.arrayBuffer()).byteLength);
    },
  );
});

describe('what is no request', () => {
  test.each([
    ['a method that nobody knows', 'BREW / HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['no HTTP at all', '\x16\x03\x01\r\n\r\n', 400],
    ['no Host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    [
      'two lengths of one body',
      rawRequest('POST /collect', ['Content-Length: 3', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
      400,
    ],
    ['headers of 20 KB', rawRequest('GET /', [`X-Long: ${'a'.repeat(20_000)}`]), 431],
    ['an address of 20 KB', rawRequest(`GET /api/v1/report?metrics=${'a'.repeat(20_000)}`), 431],
    [
      'long extensions of chunks',
      rawRequest('POST /collect', ['Transfer-Encoding: chunked'], `1;${'a'.repeat(20_000)}\r\n`),
      413,
    ],
    ['an unknown expectation', rawRequest('GET /healthz', ['Expect: tea', 'Connection: close']), 417],
    ['a tunnel', 'CONNECT x:80 HTTP/1.1\r\nHost: x:80\r\n\r\n', 405],
    ['an address with a port of 99999', rawRequest('GET http://x:99999/healthz', ['Connection: close']), 400],
    [
      '%ff in an entity',
      rawRequest('POST /api/v1/ingest/%ff', ['Content-Length: 0', 'Connection: close', bearer]),
      400,
    ],
    ['%E0%A4 in a page', rawRequest('GET /%E0%A4', ['Connection: close']), 404],
    ['a header that is too slow', 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ', 408],
    ['a body that is too slow', rawRequest('POST /collect', ['Content-Length: 1000'], '{'), 408],
    [
      'a body of the report API that is too slow',
      rawRequest('POST /api/v1/report', ['Content-Length: 1000', 'Content-Type: application/json', bearer], '{'),
      408,
    ],
  ])('%s is answered with a problem document and ends the connection', async (_name, text, status) => {
    expect(rawProblems(await sayRaw(product.port, text)).map((problem) => problem.status)).toEqual([status]);
  });

  test('an address as one gives it to a proxy is taken by its path, on the hot path too', async () => {
    const one = rawRequest('GET http://stats.shop.example/healthz');
    const hot = rawRequest('PUT http://stats.shop.example/collect?x=1', ['Connection: close', 'Content-Length: 0']);
    expect((await sayRaw(product.port, one + hot)).map(({ status }) => status)).toEqual([200, 405]);
  });

  test('requests behind a refused one on the same connection are answered in their order', async () => {
    const length = (body: string) => [`Content-Length: ${body.length}`, 'Content-Type: application/json'];
    const large = 'x'.repeat(70_000);
    const long = 'x'.repeat(2_000_000);
    const text = [
      rawRequest('POST /collect', length('{'), '{'),
      rawRequest('POST /collect', length(large), large),
      rawRequest('POST /api/v1/report', [...length('{'), bearer], '{'),
      rawRequest('POST /api/v1/report', length(long), long),
      rawRequest('PUT /api/v1/ingest/deals', length(long), long),
      rawRequest('GET /nothing'),
      rawRequest('GET /healthz', ['Connection: close']),
    ].join('');
    const answers = await sayRaw(product.port, text);
    expect(answers.map(({ status }) => status)).toEqual([400, 413, 400, 401, 405, 404, 200]);
    rawProblems(answers);
  });
});

/** A report of every fact with one filter of so many conditions. */
const orOf = (count: number): string => {
  const or = Array.from({ length: count }, (_, index) => ({ field: 'channel', op: 'eq', value: `x${index}` }));
  return JSON.stringify({ ...january, metrics: ['visits', 'leads', 'sales', 'profit', 'ltv'], filters: [{ or }] });
};

describe('odd bodies', () => {
  const zeros = Buffer.alloc(64 * 1024 * 1024);
  /** Packed with the least effort: the most takes seconds, and a bomb it is in either case. */
  const brotliBomb = () => brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
  const bytes = (content: string | Buffer): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(content));
  const filter = (value: unknown): string =>
    JSON.stringify({ ...january, filters: [{ field: 'channel', op: 'eq', value }] });
  const keys = Array.from({ length: 60_000 }, (_, index) => `"k${index}":1`);

  test.each<[string, () => Promise<Response>, number]>([
    ['100,000 metrics', () => ask(JSON.stringify({ ...january, metrics: Array(100_000).fill('visits') })), 400],
    ['100,000 levels', () => ask(`{"filters":${'['.repeat(100_000)}${']'.repeat(100_000)}}`), 400],
    ['40,000 levels of or', () => ask(`{"filters":[${'{"or":['.repeat(40_000)}${']}'.repeat(40_000)}]}`), 400],
    ['60,000 unknown keys', () => ask(`{${keys.join(',')}}`), 400],
    ['__proto__', () => ask('{"__proto__":{"metrics":["visits"]},"from":"2026-01-01","to":"2026-01-31"}'), 400],
    ['a limit of 1e999', () => ask(JSON.stringify({ ...january, limit: 7 }).replace('7', '1e999')), 400],
    ['the 30th of February', () => ask(JSON.stringify({ ...january, from: '2026-02-30' })), 400],
    ['an offset for a time zone', () => ask(JSON.stringify({ ...january, timezone: '+03:00' })), 400],
    [
      'a forged cursor',
      () => ask(JSON.stringify({ ...january, cursor: Buffer.from('{"offset":1,"of":"x"}').toString('base64url') })),
      400,
    ],
    ['an or of 301 conditions', () => ask(orOf(301)), 400],
    ['an or of 300 conditions', () => ask(orOf(300)), 200],
    ['a value of 2,000 characters', () => ask(filter('x'.repeat(2000))), 400],
    ['NUL in a value', () => ask(filter('a\0b')), 200],
    ['a lone surrogate in a value', () => ask(filter('\ud800')), 200],
    [
      'windows-1251',
      () => ask(JSON.stringify(january), { 'content-type': 'application/json; charset=windows-1251' }),
      415,
    ],
    ['a form', () => ask('metrics=visits', { 'content-type': 'application/x-www-form-urlencoded' }), 415],
    ['JSON of another name', () => ask(JSON.stringify(january), { 'content-type': 'application/vnd.bi+json' }), 200],
    [
      'JSON that does not say what it is',
      () => send('POST', '/api/v1/report', { body: bytes(JSON.stringify(january)) }),
      200,
    ],
    ['gzip', () => ask(bytes(gzipSync(JSON.stringify(january))), { 'content-encoding': 'gzip' }), 200],
    ['brotli', () => ask(bytes(brotliCompressSync(JSON.stringify(january))), { 'content-encoding': 'br' }), 200],
    ['gzip that is none', () => ask('{}', { 'content-encoding': 'gzip' }), 400],
    [
      'gzip that is cut off',
      () => ask(bytes(gzipSync(filter('x')).subarray(0, 40)), { 'content-encoding': 'gzip' }),
      400,
    ],
    ['brotli that is none', () => ask('{}', { 'content-encoding': 'br' }), 400],
    ['an unknown compression', () => ask('{}', { 'content-encoding': 'zstd' }), 415],
    ['a gzip bomb', () => ask(bytes(gzipSync(zeros)), { 'content-encoding': 'gzip' }), 413],
    ['a brotli bomb', () => ask(bytes(brotliBomb()), { 'content-encoding': 'br' }), 413],
    [
      'a bomb to sign in',
      () =>
        send('POST', '/api/v1/session', {
          body: bytes(gzipSync(zeros)),
          headers: { 'content-encoding': 'gzip', 'content-type': 'application/json' },
        }),
      413,
    ],
    [
      'a bomb of rows',
      () =>
        send('POST', '/api/v1/ingest/deals', { body: bytes(gzipSync(zeros)), headers: { 'content-encoding': 'gzip' } }),
      413,
    ],
    [
      'a bomb of events',
      () => send('POST', '/collect', { body: bytes(gzipSync(zeros)), headers: { 'content-encoding': 'gzip' } }),
      415,
    ],
    [
      'rows in an unknown compression',
      () => send('POST', '/api/v1/ingest/deals', { body: '[]', headers: { 'content-encoding': 'zstd' } }),
      415,
    ],
    ['a part of the tag', () => send('GET', '/t.js', { headers: { range: 'bytes=999999999-' } }), 200],
    [
      'the tag under a condition that it does not meet',
      () => send('GET', '/t.js', { headers: { 'if-match': '"x"' } }),
      400,
    ],
    ['two formats', () => send('GET', '/api/v1/report?format=csv&format=json'), 400],
    ['metrics[]', () => send('GET', '/api/v1/report?metrics[]=visits'), 400],
    ['a format nobody knows', () => ask(JSON.stringify(january), { accept: 'application/pdf' }), 406],
    ['a format refused by q=0', () => ask(JSON.stringify(january), { accept: 'application/json;q=0' }), 406],
  ])('%s', async (_name, request, status) => {
    const answer = await request();
    expect(answer.status).toBe(status);
    if (status < 400) return;
    const { detail, errors = [] } = await problemOf(answer);
    expect(detail.length).toBeLessThanOrEqual(2000);
    expect(errors.length).toBeLessThanOrEqual(100);
    for (const { message } of errors) expect(message.length).toBeLessThanOrEqual(500);
  });

  test("are the sender's, not ours: nothing of them is logged as a failure", () => {
    expect(product.log.filter((line) => line.includes('could not be answered'))).toEqual([]);
  });
});

describe('the form of a report', () => {
  test.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'application/json'],
    ['text/csv;q=0.1, application/json;q=0.9', 'application/json'],
    ['application/*;q=0.2, text/csv', 'text/csv'],
    ['TEXT/CSV', 'text/csv'],
    ['application/vnd.apache.arrow.stream', 'application/vnd.apache.arrow.stream'],
    ['application/x-ndjson, */*;q=0', 'application/x-ndjson'],
  ])('for Accept: %s is %s', async (accept, expected) => {
    const answer = await ask(JSON.stringify(january), accept === undefined ? {} : { accept });
    expect(answer.headers.get('content-type')?.split(';')[0]).toBe(expected);
  });
});

describe('tokens', () => {
  test('in the address open nothing and are not logged or repeated', async () => {
    const { token } = await product.tokens.createToken({ name: 'bi', scopes: ['read'] });
    for (const name of ['token', 'access_token', 'authorization']) {
      const answer = await fetch(`${product.url}/api/v1/report?${name}=${token}`);
      expect(answer.status).toBe(401);
      expect(await answer.text()).not.toContain(token);
    }
    const known = await send('GET', `/api/v1/report?token=${token}`);
    expect(known.status).toBe(400);
    expect(await known.text()).not.toContain(token);
    await send('GET', `/nothing?token=${token}`);
    expect(product.log.join('\n')).not.toContain(token);
  });

  test('that are revoked end at once, for reports and for rows', async () => {
    const { token, info } = await product.tokens.createToken({ name: 'both', scopes: ['read', 'ingest'] });
    const headers = { authorization: `Bearer ${token}` };
    const statuses = async () => [
      (await send('GET', '/api/v1/meta', { headers })).status,
      (
        await send('POST', '/api/v1/ingest/deals', {
          headers: { ...headers, 'content-type': 'application/json' },
          body: '[]',
        })
      ).status,
    ];
    expect(await statuses()).toEqual([200, 200]);
    await product.tokens.revokeToken(info.id);
    expect(await statuses()).toEqual([401, 401]);
  });
});

test('when the database is away, rows and reports are answered 503 in the same words, without HTML or a stack', async () => {
  const { tokens } = product;
  const verify = vi.spyOn(tokens, 'verifyToken').mockImplementation(() => {
    throw new WarehouseError('secret.host:8123 refused', { kind: 'unreachable' });
  });
  const answers = await Promise.all([
    send('POST', '/api/v1/ingest/deals', { body: '[]', headers: { 'content-type': 'application/json' } }),
    send('GET', '/api/v1/meta'),
  ]);
  verify.mockRestore();
  for (const answer of answers) {
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '30']);
    expect((await problemOf(answer)).detail).not.toContain('secret.host');
  }
});

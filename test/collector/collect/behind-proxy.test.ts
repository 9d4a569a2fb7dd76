import { Agent, createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withUsualPaths } from '../../../collector/create-collector.ts';
import { pageview, startCollector, type TestCollector, uuid } from '../support/test-collector.ts';

let collector: TestCollector;
let shop: string;
const connections = new Agent({ keepAlive: true, maxSockets: 1 });

/** As the web server of a shop hands on `location /stats/ { proxy_pass http://throughline/; }`, with its own word for who asks. */
function handOn(request: IncomingMessage, response: ServerResponse): void {
  const { host, connection, ...headers } = request.headers;
  const { hostname, port } = new URL(collector.url);
  const onward = send(
    {
      agent: connections,
      hostname,
      port,
      method: request.method,
      path: request.url?.replace(/^\/stats/, ''),
      headers: { ...headers, 'x-forwarded-for': '203.0.113.77', 'x-forwarded-proto': 'https' },
    },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  request.pipe(onward);
}

const server = createServer(handOn);
beforeAll(async () => {
  collector = await startCollector({ proxies: 1, paths: withUsualPaths({ script: ['/a/app.js'] }) });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  shop = `http://127.0.0.1:${(server.address() as AddressInfo).port}/stats`;
});
afterAll(async () => {
  connections.destroy();
  server.closeAllConnections();
  server.close();
  await collector.remove();
});

const collect = (number: number, headers: Record<string, string> = {}, visitor?: string): Promise<Response> =>
  fetch(`${shop}/a/app`, {
    method: 'POST',
    body: JSON.stringify({ site: 'demo', visitor, events: [pageview(number)] }),
    headers: { 'content-type': 'text/plain', origin: 'https://shop.example', ...headers },
  });

describe('below a folder of the shop, under a neutral name', () => {
  test('the script is served as from its own address', async () => {
    const answer = await fetch(`${shop}/a/app.js`);
    expect(await answer.text()).toBe('console.log("tracker")');
    const etag = answer.headers.get('etag') ?? '';
    expect(answer.headers.get('cache-control')).toBe('public, max-age=3600');
    const again = await fetch(`${shop}/a/app.js`, {
      headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' },
    });
    expect(again.status).toBe(304);
  });

  test('events are taken from the page, with the address of the buyer, cut, and not that of the web server', async () => {
    const answer = await collect(1, { 'x-forwarded-for': '6.6.6.6' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(await collector.rows('events')).toMatchObject([{ event_id: uuid(1), ip: '203.0.113.0' }]);
  });

  test('the visitor keeps the cookie of the shop, which is Secure, whatever the page says later', async () => {
    const first = await collect(2);
    const cookie = first.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^tl_vid=[0-9a-f-]{36}; Path=\/; .*HttpOnly; SameSite=Lax; Secure$/);
    const { visitor } = (await first.json()) as { visitor: string };
    const second = await collect(3, { cookie: `session=1; ${cookie.split(';')[0]}` }, uuid(901));
    expect(((await second.json()) as { visitor: string }).visitor).toBe(visitor);
    expect(second.headers.get('set-cookie')).toBeNull();
  });

  test('a preflight and an error reach the page as they are', async () => {
    const headers = { origin: 'https://shop.example', 'access-control-request-method': 'POST' };
    const preflight = await fetch(`${shop}/a/app`, { method: 'OPTIONS', headers });
    expect([preflight.status, preflight.headers.get('access-control-allow-credentials')]).toEqual([204, 'true']);
    const foreign = await collect(4, { origin: 'https://evil.example' });
    expect([foreign.status, foreign.headers.get('content-type')]).toEqual([403, 'application/problem+json']);
  });
});

import { createServer, type IncomingMessage, type RequestListener, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { createForward } from '../../app/runtime/forward.ts';

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(handle: RequestListener): Promise<number> {
  const server = createServer(handle);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A worker's port before a main process that answers so. */
const before = async (main: RequestListener): Promise<number> =>
  serve(createForward({ port: await serve(main), key: 'of this run' }));

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

function ask(
  port: number,
  options: { path?: string; headers?: Record<string, string>; body?: string },
): Promise<Answer> {
  const { body, ...rest } = options;
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method: body === undefined ? 'GET' : 'POST', ...rest });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const { statusCode: status, headers } = response;
      text(response).then((answer) => resolve({ status, headers, body: answer }), reject);
    });
    sent.end(body);
  });
}

test('the main process gets the request as it came, with the address of the sender as the last of the forwarded ones', async () => {
  const port = await before(async (incoming, response) => {
    const { method, url, headers } = incoming;
    response.writeHead(201, { 'Set-Cookie': ['a=1', 'b=2'], 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ method, url, headers, body: await text(incoming) }));
  });
  const answer = await ask(port, {
    path: '/exchange/1c?type=sale&mode=file',
    headers: {
      authorization: 'Basic x',
      'x-forwarded-for': '192.0.2.1',
      'x-throughline-worker': 'a guess',
      connection: 'close, x-own',
      host: 'stats.shop.example',
    },
    body: 'Заказ',
  });
  expect(answer.status).toBe(201);
  expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2']);
  expect(JSON.parse(answer.body)).toMatchObject({
    method: 'POST',
    url: '/exchange/1c?type=sale&mode=file',
    body: 'Заказ',
    headers: {
      authorization: 'Basic x',
      host: 'stats.shop.example',
      'x-forwarded-for': '192.0.2.1, 127.0.0.1',
      'x-throughline-worker': 'of this run',
    },
  });
});

test('what the sender names as of its connection alone stays behind, but for what tells where a body ends', async () => {
  const port = await before(async (incoming, response) => {
    response.end(JSON.stringify({ headers: incoming.headers, body: await text(incoming) }));
  });
  const headers = { connection: 'close, X-Own, content-length', 'x-own': 'a', 'x-other': 'b', 'content-length': '4' };
  const answer = JSON.parse((await ask(port, { headers, body: 'body' })).body);
  expect(answer).toMatchObject({ body: 'body', headers: { 'content-length': '4', 'x-other': 'b' } });
  expect(answer.headers).not.toHaveProperty('x-own');
});

test('a large body and a large answer pass through whole', async () => {
  const port = await before((incoming, response) => void incoming.pipe(response));
  const body = 'я'.repeat(3_000_000);
  expect((await ask(port, { body })).body).toBe(body);
});

test('while the main process is not there, the answer says to come again', async () => {
  const gone = await serve((_incoming, response) => response.end());
  servers.at(-1)?.close();
  const port = await serve(createForward({ port: gone, key: 'k' }));
  const answer = await ask(port, {});
  expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1']);
  expect(answer.body).toContain('send again');
});

test('an answer that breaks off in the middle breaks off for the sender too', async () => {
  const port = await before((_incoming, response) => {
    response.writeHead(200, { 'Content-Length': 10 });
    response.write('12345', () => response.destroy());
  });
  await expect(ask(port, {})).rejects.toThrow(/aborted/);
});

test('when the sender is gone, the main process hears of it', async () => {
  let isClosed: () => void;
  const closed = new Promise<void>((resolve) => {
    isClosed = resolve;
  });
  const port = await before((incoming, response) => {
    response.on('close', () => isClosed());
    incoming.resume();
    response.write('begun');
  });
  const sent = request({ host: '127.0.0.1', port });
  sent.on('error', () => undefined);
  sent.on('response', (response) => {
    response.on('error', () => undefined);
    response.once('data', () => sent.destroy());
  });
  sent.end();
  await closed;
});

import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { PlainTaker } from '../../collector/plain-http/plain-connection.ts';
import { openPlainPort, type PlainPort } from '../../collector/plain-http/plain-port.ts';
import { pageview, startCollector, type TestCollector } from './support/test-collector.ts';

let plain: TestCollector;
let node: TestCollector;

beforeAll(async () => {
  [plain, node] = await Promise.all([startCollector(), startCollector({ isNodeAlone: true })]);
});
afterAll(async () => {
  await Promise.all([plain.remove(), node.remove()]);
});

const last = 'GET /nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

/** What a server answers to these bytes, sent piece by piece, until it closes the connection. */
async function answersOf({ url }: TestCollector, pieces: readonly Buffer[]): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.setNoDelay(true);
  let answers = '';
  socket.on('data', (chunk) => {
    answers += chunk.toString('latin1');
  });
  const closed = new Promise<void>((resolve) => {
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
  });
  for (const piece of pieces) {
    if (socket.destroyed) break;
    socket.write(piece);
    await turn();
    await turn();
  }
  await closed;
  return answers.replace(/Date: [^\r]*/g, 'Date: …');
}

/** Of a connection that node breaks off, nobody knows how much of the answers still arrives. */
const isWhole = (answers: string): boolean => answers.includes('Cannot GET /nothing');

const usualHeaders: readonly string[] = [
  'Host: stats.shop.example',
  'Origin: https://shop.example',
  'User-Agent: Mozilla/5.0 (X11)',
  'Content-Type: text/plain;charset=UTF-8',
];

/** Headers that a browser, a proxy or somebody hostile may add. */
const furtherHeaders = fc.subarray([
  'Cookie: tl_vid=00000000-0000-4000-8000-0000000000aa',
  'Cookie: a=b; tl_vid=00000000-0000-4000-8000-0000000000bb',
  'Connection: keep-alive',
  'Connection: Keep-Alive, X-Part',
  'Connection: upgrade',
  'Upgrade: websocket',
  'Content-Encoding: gzip',
  'Expect: 100-continue',
  'TE: trailers',
  'Empty:',
  'constructor: x',
  '__proto__: x',
  'X_Odd.Name: 1',
  'X-Tab:\tvalue\t ',
  'X-Latin: \xe9\xff',
  'X-Control: a\x01b',
  'X-Line: a\nb',
  'X-Folded: a\r\n b',
  'Space : b',
  'no colon',
  'Content-Length: 5',
  'Content-Length: +5',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: identity',
  'X-Forwarded-For: 192.0.2.1',
  'Origin: https://elsewhere.example',
  'Sec-CH-UA-Platform: "Linux"',
]);

const bodies = fc.oneof(
  { weight: 4, arbitrary: fc.nat(1_000).map((number) => JSON.stringify({ site: 'demo', events: [pageview(number)] })) },
  fc.constantFrom('', '{}', '{"site":', 'x'.repeat(70_000), '{"site":"none","events":[]}', 'Ж'.repeat(40)),
);

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly string[];
  readonly body: string;
  readonly lengthBy: number;
}

const requests: fc.Arbitrary<Sent> = fc.record({
  method: fc.oneof({ weight: 6, arbitrary: fc.constant('POST') }, fc.constantFrom('GET', 'PUT', 'post', 'OPTIONS')),
  path: fc.oneof(
    { weight: 6, arbitrary: fc.constant('/collect') },
    fc.constantFrom('/collect?x=1', '/collect/', '/t.js', '/a b', 'http://a/collect'),
  ),
  headers: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, furtherHeaders),
  body: bodies,
  lengthBy: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.constantFrom(-1, 3)),
});

function bytesOf({ method, path, headers, body, lengthBy }: Sent): Buffer {
  const bytes = Buffer.from(body);
  const length = Math.max(0, bytes.length - Math.max(0, lengthBy));
  const head = [`${method} ${path} HTTP/1.1`, ...usualHeaders, ...headers, `Content-Length: ${length}`];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), bytes]);
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [0, ...places.map((place) => Math.floor(place * bytes.length)).sort((a, b) => a - b), bytes.length];
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
}

describe('requests that are read past node', () => {
  test('are answered, byte for byte, as node would have them answered, however they are cut', async () => {
    const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.array(requests, { minLength: 1, maxLength: 3 }), places, async (sent, at) => {
        const bytes = Buffer.concat([...sent.map(bytesOf), Buffer.from(last)]);
        const [ours, nodes] = await Promise.all([answersOf(plain, cut(bytes, at)), answersOf(node, [bytes])]);
        expect(isWhole(ours)).toBe(isWhole(nodes));
        if (isWhole(nodes)) expect(ours).toBe(nodes);
      }),
      { numRuns: 300, seed: 7 },
    );
    const rows = await Promise.all([plain, node].map(({ rows }) => rows('events')));
    const idsOf = (list: Record<string, unknown>[] | undefined): string[] =>
      (list ?? []).map((row) => `${row['event_id']} ${row['visitor_id']}`).sort();
    expect(idsOf(rows[0])).toEqual(idsOf(rows[1]));
    expect(idsOf(rows[0]).length).toBeGreaterThan(50);
  });
});

interface Taken {
  readonly path: string;
  readonly body: string;
  answer(text?: string): void;
}

/** A port that notes what it takes, what node reads instead, and what was broken off. */
class Notes {
  readonly taken: Taken[] = [];
  readonly byNode: string[] = [];
  readonly broken: string[] = [];
  readonly server: Server = createServer((request, response) => {
    this.byNode.push(`${request.method} ${request.url}`);
    response.end('node');
  });
  readonly port: PlainPort = openPlainPort(this.server, 60_000, this.#taker());
  #heard: () => void = () => undefined;

  #taker(): PlainTaker {
    return {
      take: (path, _request, body, answer) => {
        if (path !== '/collect') return false;
        const send = (text: string) => answer.writeHead(200, ['Content-Length', String(text.length)]).end(text);
        this.taken.push({ path, body: body.toString(), answer: (text = 'ok') => void send(text) });
        this.#heard();
        return true;
      },
      brokeOff: (path) => {
        this.broken.push(path);
        this.#heard();
      },
    };
  }

  /** Waits until this holds; asked whenever something was noted. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  async open(): Promise<Socket> {
    if (!this.server.listening) await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const socket = connect((this.server.address() as AddressInfo).port, '127.0.0.1').setNoDelay(true);
    return socket.on('error', () => undefined);
  }

  async close(): Promise<void> {
    this.port.destroyAll();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const post = (path: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const nextText = (socket: Socket): Promise<string> =>
  new Promise((resolve) => socket.once('data', (chunk) => resolve(chunk.toString('latin1'))));
const closeOf = (socket: Socket): Promise<void> => new Promise((resolve) => socket.on('close', () => resolve()));

describe('a connection', () => {
  let notes: Notes;
  beforeEach(() => {
    notes = new Notes();
  });
  afterEach(() => notes.close());

  test('is not read by node while its requests are plain, also when a body comes later than its head', async () => {
    const socket = await notes.open();
    const [head = '', body = ''] = post('/collect', 'first').split(/(?<=\r\n\r\n)/);
    socket.write(head);
    await turn();
    socket.write(body);
    await notes.until(() => notes.taken.length === 1);
    notes.taken[0]?.answer();
    expect(await nextText(socket)).toMatch(/^HTTP\/1\.1 200 OK\r\n.*ok$/s);
    socket.write(post('/collect', 'second'));
    await notes.until(() => notes.taken.length === 2);
    expect(notes.taken.map(({ body: text }) => text)).toEqual(['first', 'second']);
    expect(notes.byNode).toEqual([]);
  });

  test('goes to node with a request that is for somebody else, and stays there', async () => {
    const socket = await notes.open();
    socket.write(post('/elsewhere', ''));
    expect(await nextText(socket)).toContain('node');
    socket.write(post('/collect', 'first'));
    expect(await nextText(socket)).toContain('node');
    expect(notes.byNode).toEqual(['POST /elsewhere', 'POST /collect']);
    expect(notes.taken).toEqual([]);
  });

  test('takes no second request before the first is answered', async () => {
    const socket = await notes.open();
    socket.write(post('/collect', 'first'));
    await notes.until(() => notes.taken.length === 1);
    socket.write(post('/collect', 'second'));
    for (let round = 0; round < 20; round += 1) await turn();
    expect(notes.taken.length).toBe(1);
    notes.taken[0]?.answer();
    await notes.until(() => notes.taken.length === 2);
  });

  test('that is slow with its body goes to node, which watches the time', async () => {
    const socket = await notes.open();
    socket.write(post('/collect', 'body').slice(0, -1));
    await new Promise((resolve) => notes.server.once('request', resolve));
    socket.write('y');
    expect(await nextText(socket)).toContain('node');
    expect(notes.taken).toEqual([]);
  });

  test('that ends in the middle of a body is told', async () => {
    const socket = await notes.open();
    socket.end(post('/collect', 'body').slice(0, -1));
    await notes.until(() => notes.broken.length === 1);
    expect(notes.broken).toEqual(['/collect']);
  });

  test('ends with its answer when the port stops, at once when nothing is under way', async () => {
    const [busy, idle] = [await notes.open(), await notes.open()];
    idle.write(post('/collect', 'of the idle one'));
    await notes.until(() => notes.taken.length === 1);
    notes.taken[0]?.answer();
    await nextText(idle);
    busy.write(post('/collect', 'of the busy one'));
    await notes.until(() => notes.taken.length === 2);
    const ends = [closeOf(busy), closeOf(idle)];
    const answer = nextText(busy);
    notes.port.stop();
    await ends[1];
    notes.taken[1]?.answer();
    expect(await answer).toContain('Connection: close');
    await ends[0];
  });

  test('whose answers are not read is read no further', async () => {
    const socket = await notes.open();
    socket.pause();
    socket.write(post('/collect', 'first'));
    await notes.until(() => notes.taken.length === 1);
    notes.taken[0]?.answer('x'.repeat(20_000_000));
    socket.write(post('/collect', 'second'));
    for (let round = 0; round < 20; round += 1) await turn();
    expect(notes.taken.length).toBe(1);
    socket.resume();
    await notes.until(() => notes.taken.length === 2);
  });
});

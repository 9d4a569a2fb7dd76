// Keeps connections busy with POST /collect, one request at a time on each. It writes ready bytes and barely reads the answers, because
// the processor that it uses is missing to the server it measures.
import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';

export interface LoadOrder {
  readonly port: number;
  readonly connections: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** A number on the pages, which all ask for; each sixteenth connection opens pages of long addresses. */
  readonly number?: string;
}

export type LoadNews =
  | { readonly kind: 'measuring' }
  | {
      readonly kind: 'done';
      readonly perSecond: number;
      readonly failed: number;
      readonly p50Ms: number;
      readonly p99Ms: number;
    };

/** Requests of one visit: the first gets a new visitor, visit and code, as in life. */
const requestsPerVisit = 5;
const userAgents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 YaBrowser/24.12.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 14; SM-A546E) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36',
];
const noUuid = '00000000-0000-4000-8000-000000000000';

/** A request as bytes with the places of what changes from one to the next. */
interface Template {
  readonly bytes: Buffer;
  readonly visitors: readonly number[];
  readonly visit: number;
  readonly id: number;
  readonly ts: number;
}

const longChars = 8000;

function makeTemplate(userAgent: string, numbers: readonly string[], campaign: string): Template {
  const event = {
    id: `e${noUuid.slice(1)}`,
    type: 'pageview',
    ts: 1_000_000_000_000,
    visit: `b${noUuid.slice(1)}`,
    url: `https://shop.example/catalog/kettles?utm_source=yandex&utm_medium=cpc&utm_campaign=${campaign}&yclid=1234567890123456789`,
    referrer: 'https://yandex.ru/',
    title: 'Чайники — купить в магазине',
  };
  const asked = numbers.length === 0 ? {} : { numbers };
  const body = JSON.stringify({ site: 'demo', visitor: `a${noUuid.slice(1)}`, ...asked, events: [event] });
  const head = [
    'POST /collect HTTP/1.1',
    'Host: stats.shop.example',
    'Origin: https://shop.example',
    `Cookie: tl_vid=a${noUuid.slice(1)}`,
    `User-Agent: ${userAgent}`,
    'Content-Type: text/plain;charset=UTF-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  const bytes = Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
  const tailOf = (prefix: string, from = 0): number => bytes.indexOf(`${prefix}${noUuid.slice(1)}`, from) + 24;
  const cookie = tailOf('a');
  return {
    bytes,
    visitors: [cookie, tailOf('a', cookie)],
    visit: tailOf('b'),
    id: tailOf('e'),
    ts: bytes.indexOf('"ts":') + 5,
  };
}

/** Twelve hexadecimal digits hold it, and another run begins higher. */
let sent = Date.now() * 100;

function fillIn({ bytes, visitors, visit, id, ts }: Template): Buffer {
  sent += 1;
  bytes.write(sent.toString(16).padStart(12, '0'), id, 'latin1');
  const person = Math.floor(sent / requestsPerVisit)
    .toString(16)
    .padStart(12, '0');
  for (const at of visitors) bytes.write(person, at, 'latin1');
  bytes.write(person, visit, 'latin1');
  bytes.write(String(Date.now()), ts, 'latin1');
  return bytes;
}

/** Length of an answer whose head has come. */
function answerLength(answer: string): number {
  const end = answer.indexOf('\r\n\r\n');
  if (end === -1) return Number.POSITIVE_INFINITY;
  return end + 4 + Number(/content-length: (\d+)/i.exec(answer)?.[1] ?? 0);
}

class Tally {
  isOpen = false;
  failed = 0;
  readonly timesMs: number[] = [];

  add(answer: string, timeMs: number): void {
    if (!answer.startsWith('HTTP/1.1 200') || answer.includes('"rejected"')) this.failed += 1;
    if (this.isOpen) this.timesMs.push(timeMs);
  }
}

function keepBusy({ port, number }: LoadOrder, tally: Tally, index: number): Socket {
  const isLong = number !== undefined && index % 16 === 0;
  const campaign = isLong ? 'c'.repeat(longChars) : '123456789';
  const template = makeTemplate(userAgents[index % userAgents.length] ?? '', [number ?? []].flat(), campaign);
  let startedAt = 0;
  let answer = '';
  const next = (): void => {
    startedAt = performance.now();
    socket.write(fillIn(template));
  };
  const socket = connect(port, '127.0.0.1', next);
  socket.setNoDelay(true);
  socket.on('error', () => {
    tally.failed += 1;
  });
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1');
    if (answer.length < answerLength(answer)) return;
    tally.add(answer, performance.now() - startedAt);
    answer = '';
    next();
  });
  return socket;
}

const tell = (news: LoadNews): void => void process.send?.(news);

function run(order: LoadOrder): void {
  const { connections, warmUpMs, measureMs } = order;
  const tally = new Tally();
  const sockets = Array.from({ length: connections }, (_, index) => keepBusy(order, tally, index));
  const finish = (startedAt: number): void => {
    tally.isOpen = false;
    const seconds = (performance.now() - startedAt) / 1000;
    const sorted = Float64Array.from(tally.timesMs).sort();
    const quantile = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
    for (const socket of sockets) socket.destroy();
    const perSecond = sorted.length / seconds;
    tell({ kind: 'done', perSecond, failed: tally.failed, p50Ms: quantile(0.5), p99Ms: quantile(0.99) });
  };
  setTimeout(() => {
    tally.isOpen = true;
    const startedAt = performance.now();
    tell({ kind: 'measuring' });
    setTimeout(() => finish(startedAt), measureMs);
  }, warmUpMs);
}

process.on('message', (order: LoadOrder) => run(order));
process.on('disconnect', () => process.exit());

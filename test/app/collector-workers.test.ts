import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, connect as dial } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConfig } from '../../app/config/load-config.ts';
import { type Front, openFront } from '../../app/runtime/front.ts';
import { intakeOf } from '../../app/runtime/intake.ts';
import { createLogger } from '../../app/runtime/logger.ts';
import type { CallNumbers } from '../../collector/calls/number-ask.ts';
import { type CodeBlocks, openCodeBlocks } from '../../collector/collect/code-blocks.ts';
import { settingsOf, staticPool, trackingWorld } from '../collector/calls/tracking.ts';
import { collect, pageviews } from './support/ask.ts';
import { workersOf } from './support/product.ts';
import { waitFor } from './support/wait-for.ts';

const logger = createLogger('silent');
let dir: string;
let front: Front;
/** Requests that came to the main process, by path. */
const handedOn: string[] = [];

const begin = (port = 0): Promise<Front> =>
  openFront(
    (request, response) => {
      handedOn.push(request.url ?? '');
      request.resume();
      response.end('of the main process');
    },
    { host: '127.0.0.1', port, workers: 1, logger },
  );

const shopNumber = '74951234567';
const ofMaps = '74990000001';
const ofAll = '74990000002';
const callTracking = settingsOf(
  staticPool(ofMaps, { sources: ['yandex-maps'] }),
  staticPool(ofAll),
  staticPool('74990000003', { replace: ['74951234569'] }),
);

/** Call tracking that never answers when it is asked for a number that ends with 9. */
async function openNumbers(): Promise<CallNumbers> {
  const tracking = await trackingWorld(callTracking).open();
  return {
    replaced: tracking.replaced,
    landingPools: tracking.landingPools,
    visitBegan: (visit, pools) => tracking.visitBegan(visit, pools),
    numbersFor: (ask) =>
      ask.numbers.some((number) => number.endsWith('9')) ? new Promise(() => undefined) : tracking.numbersFor(ask),
  };
}

const openCodes = (): Promise<CodeBlocks> =>
  openCodeBlocks({ file: join(dir, 'codes'), wasCounting: async () => false, logger });

async function open(one: Front, codeBlocks?: CodeBlocks): Promise<void> {
  const answering = { codeBlocks: codeBlocks ?? (await openCodes()), callNumbers: await openNumbers() };
  await one.workers?.open(answering, (slot) => ({
    ...intakeOf(parseConfig('', 'a.yaml', {}), 1),
    project: 'shop',
    sites: [{ key: 'demo', domains: ['shop.example'], origins: ['https://shop.example'] }],
    isOpenOnLoopback: false,
    proxies: 0,
    spoolDir: join(dir, `spool-${one.port}-${slot}`),
    timezone: 'Europe/Moscow',
    secret: 'of this test',
    landing: callTracking,
    logLevel: 'silent',
  }));
}

const send = (one: Front): Promise<number> =>
  collect(one.url, pageviews(randomUUID(), [randomUUID()])).then(
    ({ status }) => status,
    () => 0,
  );

/** The bytes of the answer to bytes that no client library would send. */
async function raw(one: Front, request: string): Promise<string> {
  const socket = dial(one.port, '127.0.0.1');
  socket.write(request);
  return text(socket);
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'throughline-workers-'));
  front = await begin();
});

afterAll(async () => {
  await front.stop();
  await rm(dir, { recursive: true, force: true });
});

test('a worker that dies before it may take events is replaced by one that does', async () => {
  const me = { pid: process.pid };
  const [first = 0] = await workersOf(me);
  process.kill(first, 'SIGKILL');
  await waitFor('its end', async () => !(await workersOf(me)).includes(first));
  await open(front);
  await waitFor('another worker', async () => (await send(front)) === 200);
  expect(await workersOf(me)).not.toContain(first);
});

async function killAfterCounts(taken: () => number): Promise<void> {
  await waitFor('a worker', async () => (await send(front)) === 200 && front.workers?.states()[0]?.isOpen === true);
  const before = taken();
  for (const _ of [1, 2, 3]) expect(await send(front)).toBe(200);
  await waitFor('the counts', async () => taken() >= before + 3);
  const [state] = front.workers?.states() ?? [];
  expect(state).toMatchObject({ slot: 1, isOpen: true, stats: { spool: { pendingBytes: 0 } } });
  expect(state?.stats.spool.lines.events).toBe(taken());
  expect(state?.residentBytes).toBeGreaterThan(1_000_000);
  const [pid = 0] = await workersOf({ pid: process.pid });
  const counted = taken();
  process.kill(pid, 'SIGKILL');
  await waitFor('its end', async () => front.workers?.states()[0]?.isOpen === false);
  expect(taken()).toBe(counted);
  await waitFor(
    'another worker',
    async () => (await send(front)) === 200 && front.workers?.states()[0]?.isOpen === true,
  );
  // Those of before may all have been taken by the main process.
  expect(await send(front)).toBe(200);
  await waitFor('its counts', async () => taken() > counted);
}

test('what workers tell of themselves counts on when one is killed', async () => {
  const taken = (): number => front.workers?.states()[0]?.stats.requests.taken ?? 0;
  // What the first one did is counted when the second is gone too.
  await killAfterCounts(taken);
  await killAfterCounts(taken);
});

test('an event on a new connection is taken while the main process is busy', async () => {
  const asked = `fetch('${front.url}/collect', {
    method: 'POST',
    headers: { origin: 'https://shop.example', 'content-type': 'text/plain', 'user-agent': 'Mozilla/5.0' },
    body: process.argv[1],
  }).then(({ status }) => console.log(status))`;
  const body = pageviews(randomUUID(), [randomUUID()]);
  // This process, the main one, does nothing until the sender has ended.
  const answer = execFileSync(process.execPath, ['-e', asked, body], { encoding: 'utf8', timeout: 20_000 });
  expect(answer).toBe('200\n');
});

interface Page {
  readonly visit: string;
  readonly referrer?: string;
  readonly numbers?: readonly string[];
}

async function openPage({ visit, referrer = '', numbers }: Page, one = front): Promise<Record<string, unknown>> {
  const batch = JSON.parse(pageviews(randomUUID(), [randomUUID()], { visit, referrer }));
  const answer = await collect(one.url, JSON.stringify({ ...batch, numbers }));
  expect(answer.status).toBe(200);
  return (await answer.json()) as Record<string, unknown>;
}

test('a worker asks the main process for the numbers of a page, and answers without them when it waits too long', async () => {
  const visit = randomUUID();
  const shown = { '84951234567': ofAll };
  expect(await openPage({ visit, numbers: ['84951234567', '74957777777'] })).toMatchObject({ visit, numbers: shown });
  expect(await openPage({ visit, numbers: ['74951234569'] })).not.toHaveProperty('numbers');
});

test('where a visit came from is known to a worker that did not see its first page', async () => {
  const visit = randomUUID();
  await openPage({ visit, referrer: 'https://yandex.ru/maps/org/1' });
  const [pid = 0] = await workersOf({ pid: process.pid });
  process.kill(pid, 'SIGKILL');
  await waitFor('its end', async () => front.workers?.states()[0]?.isOpen === false);
  await waitFor('another worker', async () => front.workers?.states()[0]?.isOpen === true);
  const inside = { referrer: 'https://shop.example/', numbers: [shopNumber] };
  expect(await openPage({ visit, ...inside })).toMatchObject({ numbers: { [shopNumber]: ofMaps } });
  expect(await openPage({ visit: randomUUID(), ...inside })).toMatchObject({ numbers: { [shopNumber]: ofAll } });
});

test('a plain check of a load balancer, without the header Host, gets its answer', async () => {
  expect(await raw(front, 'GET /healthz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1.1 200 [\s\S]*of the main process$/);
});

test('a request with very many headers is known to the main process as that of a worker', async () => {
  const many = Array.from({ length: 1500 }, (_, index) => `a${index}: b\r\n`).join('');
  const answer = await raw(front, `GET /healthz HTTP/1.1\r\nHost: a\r\n${many}Connection: close\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1.1 200 /);
});

test('a port that is taken is told', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await expect(begin(port)).rejects.toThrow(`Port ${port} is taken`);
  other.close();
});

test('while the main process gives no visit codes events are taken without, and of all that come only the first wait', async () => {
  const other = await begin();
  const codes = await openCodes();
  const wanted: (() => void)[] = [];
  const take = async () => {
    await new Promise<void>((resolve) => wanted.push(resolve));
    return codes.take();
  };
  await open(other, { take });
  const visit = randomUUID();
  expect(await openPage({ visit }, other)).toMatchObject({ visit, visit_code: null });
  expect(await openPage({ visit }, other)).toMatchObject({ visit, visit_code: null });
  expect(wanted).toHaveLength(1);
  wanted[0]?.();
  await waitFor('a code', async () => typeof (await openPage({ visit }, other))['visit_code'] === 'string');
  await other.stop();
});

test('until they are opened, and after their end, workers take no event themselves', async () => {
  const other = await begin();
  handedOn.length = 0;
  expect(await send(other)).toBe(200);
  expect(handedOn).toEqual(['/collect']);
  await other.stop();
  expect(await send(other)).toBe(0);
});

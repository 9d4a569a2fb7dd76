import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { askReport } from './support/ask.ts';
import { orderFile } from './support/commerceml.ts';
import { expectEachCountedOnce } from './support/counted-once.ts';
import { sendFile } from './support/exchange.ts';
import { Load } from './support/load.ts';
import { isAlive, Product, plainConfig, type Up, workersOf } from './support/product.ts';
import { waitFor } from './support/wait-for.ts';

let product: Product;
/** Goes on from test to test; each begins with it running, and leaves it running. */
let up: Up;
/** That of the test, and all that there were: what came before a fault must outlive those that follow, too. */
let load: Load;
const loads: Load[] = [];

const enough = 150;
const exchangeLogin = { user: 'site', password: 'password of 1C' };

/** Another load on the running product. */
async function begin(): Promise<void> {
  load = new Load(() => up.url);
  loads.push(load);
  await more();
}

beforeAll(async () => {
  const { user, password } = exchangeLogin;
  product = await Product.create(
    `${plainConfig}sources: [{ id: onec, type: 1c-exchange, login: ${user}, password: ${password} }]\n`,
  );
});

beforeEach(async () => {
  if (up?.isRunning !== true) up = await product.up();
});

afterEach(() => load.stop());

afterAll(() => product.remove());

/** So many more events are acknowledged. */
function more(events = enough): Promise<void> {
  const goal = load.acknowledged.size + events;
  return waitFor(`${events} more events`, async () => load.acknowledged.size >= goal);
}

async function clickhousePid(): Promise<number> {
  const pid = await product.clickhousePid();
  if (pid === undefined) throw new Error('no embedded server runs');
  return pid;
}

const expectCounted = (): Promise<void> =>
  expectEachCountedOnce(
    () => up.url,
    () => product.warehouse(),
    loads,
  );

/** The order of the file that 1C sent, once. */
async function expectOrderCountedOnce(): Promise<void> {
  const day = '2026-02-10';
  const asked = new URLSearchParams({ metrics: 'sales,revenue', from: day, to: day, date_basis: 'payment' });
  let counted: unknown;
  await waitFor('the order', async () => {
    const response = await askReport(up.url, asked);
    counted = JSON.parse(await response.text()).totals;
    return JSON.stringify(counted ?? null).includes('1500.1');
  }).catch(() => undefined);
  expect(counted).toEqual({ sales: 1, revenue: 1500.1 });
}

test('every acknowledged event is counted once after the collector was killed in mid-load', async () => {
  await begin();
  const database = await clickhousePid();
  expect(await up.end('SIGKILL')).toBeNull();
  await waitFor('the database to follow', async () => !(await isAlive(database)));
  up = await product.up();
  await more();
  await expectCounted();
  // A load that met no fault in mid-flight would show nothing.
  expect(load.repeated.size).toBeGreaterThan(0);
}, 180_000);

test('the collector takes events and files of 1C while its ClickHouse is killed and comes back', async () => {
  await begin();
  const killed = await clickhousePid();
  process.kill(killed, 'SIGKILL');
  const order = new Uint8Array(Buffer.from(orderFile('A-1', '1500.10')));
  expect(await sendFile(up.url, exchangeLogin, 'orders.xml', order)).toBe('success\n');
  await more();
  await waitFor('another database', async () => (await clickhousePid()) !== killed);
  // A second time, at once, and the collector with it.
  process.kill(await clickhousePid(), 'SIGKILL');
  await more();
  await up.end('SIGKILL');
  up = await product.up();
  await more();
  await expectOrderCountedOnce();
  await expectCounted();
}, 180_000);

test('of two workers that are killed in mid-load, the second together with the database, each is replaced, and what they acknowledged is counted once', async () => {
  await up.end('SIGTERM');
  up = await product.up(['--workers', '2']);
  await begin();
  const killed = await workersOf(up);
  expect(killed).toHaveLength(2);
  const [first = 0, second = 0] = killed;
  process.kill(first, 'SIGKILL');
  await more();
  const database = await clickhousePid();
  process.kill(second, 'SIGKILL');
  process.kill(database, 'SIGKILL');
  await more();
  await waitFor('another database', async () => ![undefined, database].includes(await product.clickhousePid()));
  await waitFor('two other workers', async () => {
    const workers = await workersOf(up);
    return workers.length === 2 && !workers.some((pid) => killed.includes(pid));
  });
  expect(up.output.stderr.match(/ended unexpectedly; another takes its place/g)).toHaveLength(2);
  // The next one has no second worker: what is left in its spool counts all the same.
  await up.end('SIGKILL');
  up = await product.up(['--workers', '0']);
  await more();
  await expectCounted();
  await up.end('SIGTERM');
}, 180_000);

test('SIGTERM in mid-load ends the product in order and loses nothing', async () => {
  await begin();
  const database = await clickhousePid();
  const workers = await workersOf(up);
  expect(workers).toHaveLength(1);
  expect(await up.end('SIGTERM')).toBe(0);
  expect(up.output.stderr).toBe('');
  for (const pid of [database, ...workers]) expect(await isAlive(pid)).toBe(false);
  expect(await product.clickhousePid()).toBeUndefined();
  up = await product.up();
  await more();
  await expectCounted();
}, 180_000);

test('the product outlives another process that ran its database', async () => {
  await up.end('SIGTERM');
  const owner = await product.start('etl');
  const database = await clickhousePid();
  up = await product.up();
  await begin();
  expect(await owner.end('SIGTERM')).toBe(0);
  await more();
  await waitFor('a database of its own', async () => ![undefined, database].includes(await product.clickhousePid()));
  await more();
  await expectCounted();
  expect(await up.end('SIGTERM')).toBe(0);
  expect(await product.clickhousePid()).toBeUndefined();
}, 180_000);

test('a spool that cannot be opened stops the start with its name; that of a new worker is tried again, and the main process takes its events meanwhile', async () => {
  await up.end('SIGTERM');
  const spool = join(product.dataDir, 'spool', 'workers', '1');
  await rename(spool, `${spool}.away`);
  await writeFile(spool, 'a file stands in the way');
  const { code, stderr } = await product.run(['up', '--port', '0']);
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(`^The folder ${spool}, where events are kept, cannot be used .*\n$`),
  ]);
  await rm(spool);
  up = await product.up();
  const [worker = 0] = await workersOf(up);
  await rm(spool, { recursive: true });
  await writeFile(spool, 'a file stands in the way');
  process.kill(worker, 'SIGKILL');
  await waitFor('a worker that finds the file', async () => up.output.stderr.includes('cannot be used'));
  await begin();
  await rm(spool);
  await rename(`${spool}.away`, spool);
  const isUsed = async () => (await readdir(join(spool, 'events'))).some((name) => name.endsWith('.open'));
  await waitFor('events in the spool', isUsed);
  // The loader looks into a folder that it could not read again after half a minute, and at a start.
  await up.end('SIGTERM');
  up = await product.up();
  await expectCounted();
}, 180_000);

import { afterEach, beforeEach, expect, test } from 'vitest';
import { askReport, totals } from './support/ask.ts';
import { orderFile } from './support/commerceml.ts';
import { sendFile } from './support/exchange.ts';
import { Load } from './support/load.ts';
import { isAlive, Product, plainConfig, type Up } from './support/product.ts';
import { waitFor } from './support/wait-for.ts';

let product: Product;
let up: Up;
let load: Load;

const enough = 150;
const exchangeLogin = { user: 'site', password: 'password of 1C' };

beforeEach(async () => {
  product =
    await Product.create(`${plainConfig}sources: [{ id: onec, type: 1c-exchange, login: ${exchangeLogin.user}, password: ${exchangeLogin.password} }]
`);
  up = await product.up();
  load = new Load(() => up.url);
});

afterEach(async () => {
  await load.stop();
  await product.remove();
});

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

/** Every acknowledged event lies in the database and is counted once, and nothing else is. */
async function expectEachCountedOnce(): Promise<void> {
  await load.stop();
  const sent = load.acknowledged;
  let counted: Awaited<ReturnType<typeof totals>> = {};
  await waitFor('the report to be up to date', async () => {
    counted = await totals(up.url, 'pageviews,visits');
    return (counted['pageviews'] ?? 0) >= sent.size;
  }).catch(() => undefined);
  expect(counted).toMatchObject({ pageviews: sent.size, visits: load.visitors.length });
  const warehouse = await product.warehouse();
  try {
    const rows = await warehouse.query<{ id: string; copies: string }>(
      'SELECT toString(event_id) AS id, count() AS copies FROM raw_events GROUP BY event_id',
    );
    const stored = new Map(rows.map(({ id, copies }) => [id, Number(copies)]));
    expect([...sent].filter((id) => !stored.has(id))).toEqual([]);
    expect([...stored.keys()].filter((id) => !sent.has(id))).toEqual([]);
    expect([...stored].filter(([id, copies]) => copies > 1 && !load.repeated.has(id))).toEqual([]);
    expect(await warehouse.query('SELECT * FROM rejected')).toEqual([]);
  } finally {
    await warehouse.close();
  }
}

test('every acknowledged event is counted once after the collector was killed in mid-load', async () => {
  for (let kills = 0; kills < 2; kills += 1) {
    await more();
    const database = await clickhousePid();
    expect(await up.end('SIGKILL')).toBeNull();
    await waitFor('the database to follow', async () => !(await isAlive(database)));
    up = await product.up();
  }
  await more();
  await expectEachCountedOnce();
  // A load that met no fault in mid-flight would show nothing.
  expect(load.repeated.size).toBeGreaterThan(0);
});

test('the collector takes events on while its ClickHouse is killed and comes back', async () => {
  await more();
  const killed = await clickhousePid();
  process.kill(killed, 'SIGKILL');
  await more();
  await waitFor('another database', async () => (await clickhousePid()) !== killed);
  // A second time, at once, and the collector with it.
  process.kill(await clickhousePid(), 'SIGKILL');
  await more();
  await up.end('SIGKILL');
  up = await product.up();
  await more();
  await expectEachCountedOnce();
});

test('a file that 1C sends while ClickHouse is killed is imported, once', async () => {
  await more();
  process.kill(await clickhousePid(), 'SIGKILL');
  const order = new Uint8Array(Buffer.from(orderFile('A-1', '1500.10')));
  expect(await sendFile(up.url, exchangeLogin, 'orders.xml', order)).toBe('success\n');
  const asked = new URLSearchParams({
    metrics: 'sales,revenue',
    from: '2026-02-10',
    to: '2026-02-10',
    date_basis: 'payment',
  });
  let counted: unknown;
  await waitFor('the order', async () => {
    const response = await askReport(up.url, asked);
    counted = JSON.parse(await response.text()).totals;
    return response.status === 200 && JSON.stringify(counted).includes('1500.1');
  }).catch(() => undefined);
  expect(counted).toEqual({ sales: 1, revenue: 1500.1 });
  await expectEachCountedOnce();
});

test('SIGTERM in mid-load ends the product in order and loses nothing', async () => {
  await more();
  const database = await clickhousePid();
  expect(await up.end('SIGTERM')).toBe(0);
  expect(up.output.stderr).toBe('');
  expect(await isAlive(database)).toBe(false);
  expect(await product.clickhousePid()).toBeUndefined();
  up = await product.up();
  await more();
  await expectEachCountedOnce();
});

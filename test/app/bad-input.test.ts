import { randomUUID } from 'node:crypto';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { vendor as bitrix24 } from '../fixtures/sources/bitrix24/vendor.ts';
import { report, spendRow } from '../fixtures/sources/yandex-direct/spend.ts';
import { zipOne } from '../simulator/stand-ins/zip.ts';
import { type FakeVendor, startFakeVendor, type VendorRequest } from '../support/fake-vendor.ts';
import { askReport, collect, pageviews, type Totals, totals } from './support/ask.ts';
import { runHere } from './support/command-line.ts';
import { orderFile } from './support/commerceml.ts';
import { sendFile } from './support/exchange.ts';
import { adminToken, type Finished, Product, type Up } from './support/product.ts';
import { waitFor } from './support/wait-for.ts';

let product: Product;
let up: Up;
let portal: FakeVendor;
let direct: FakeVendor;

const login = { user: 'site', password: 'password of 1C' };

const run = (...args: string[]): Promise<Finished> =>
  runHere([...args, '--data', product.dataDir, '--config', `${product.dir}/throughline.config.yaml`]);

async function rows<Row>(sql: string): Promise<Row[]> {
  const warehouse = await product.warehouse();
  try {
    return await warehouse.query<Row>(sql);
  } finally {
    await warehouse.close();
  }
}

async function totalsOf(metrics: string, from: string, to: string): Promise<Totals> {
  const response = await askReport(up.url, new URLSearchParams({ metrics, from, to, date_basis: 'payment' }));
  return JSON.parse(await response.text()).totals;
}

const spend = ['2026-02-01', '2026-02-02'].map((date) => spendRow(date, { micros: '100000000' }));
const goodReport = (request: VendorRequest) => report(spend, request);

beforeAll(async () => {
  portal = await startFakeVendor(bitrix24.answer);
  direct = await startFakeVendor(goodReport);
  product = await Product.create(`project: shop
secret: a secret that only tests know
sites: [{ key: demo, domains: [shop.example], origins: ["https://shop.example"] }]
sources:
  - { id: direct, type: yandex-direct, token: y0_token, vat: included, start_date: 2026-01-20, base_url: "${direct.url}" }
  - { id: b24, type: bitrix24, url: "${portal.url}/rest/1/key/", requests_per_second: 1000 }
  - { id: onec, type: 1c-exchange, login: ${login.user}, password: ${login.password} }
`);
  up = await product.up();
});

afterAll(async () => {
  await product.remove();
  await Promise.all([portal.close(), direct.close()]);
});

describe('the collector', () => {
  const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
  const event = (more: string): string =>
    `{"site":"demo","events":[{"id":"${randomUUID()}","type":"pageview","ts":${Date.now()},"url":"https://shop.example/",${more}}]}`;
  const at = (ts: string): string =>
    `{"site":"demo","events":[{"id":"${randomUUID()}","type":"pageview","ts":${ts},"url":"https://shop.example/"}]}`;

  test.each([
    ['half a JSON', () => '{"site":"demo","events":[{', 400, /^The body is not JSON/],
    ['no JSON at all', () => 'visitor=1&url=x', 400, /^The body is not JSON/],
    ['events that are no list', () => '{"site":"demo","events":{"id":1}}', 400, /events: /],
    ['a site that is no text', () => '{"site":7,"events":[{}]}', 400, /site: /],
    ['10,000 levels of brackets', () => nested(10_000), 400, /not a batch/],
    ['10 MB', () => `{"site":"demo","events":["${'x'.repeat(10_000_000)}"]}`, 413, /larger than 65536 bytes/],
  ])('%s: nothing is taken and the answer says why', async (_name, body, status, detail) => {
    const response = await collect(up.url, body());
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect((await problemOf(response)).detail).toMatch(detail);
  });

  test.each([
    ['a time in seconds', () => at('1e9'), 'ts_too_old'],
    ['a time of 1e20', () => at('1e20'), 'invalid'],
    ['a time that is a text', () => at('"today"'), 'invalid'],
    ['props 10,000 levels deep', () => event(`"props":{"a":${nested(10_000)}}`), 'too_deep'],
    ['a type that is a number', () => at(String(Date.now())).replace('"pageview"', '5'), 'invalid'],
  ])('%s: the event is refused by its place and kept', async (_name, body, reason) => {
    const response = await collect(up.url, body());
    expect(response.status).toBe(200);
    const { rejected } = JSON.parse(await response.text());
    expect(rejected).toEqual([{ index: 0, reason, detail: expect.stringMatching(/^(ts|props|type): /) }]);
  });

  test('what comes after all that is counted, lone surrogates and half a bad batch too', async () => {
    const visitor = randomUUID();
    const ids = Array.from({ length: 3 }, () => randomUUID());
    const odd = pageviews(visitor, ids.slice(0, 1)).replace('"type"', '"title":"\\ud800 \\udfff","type"');
    expect((await collect(up.url, odd)).status).toBe(200);
    const mixed = JSON.parse(pageviews(visitor, ids.slice(1)));
    mixed.events.splice(1, 0, { id: 'x' }, null);
    const response = await collect(up.url, JSON.stringify(mixed));
    expect(response.status).toBe(200);
    expect(JSON.parse(await response.text()).rejected).toMatchObject([{ index: 1 }, { index: 2 }]);
    await waitFor('three pageviews', async () => (await totals(up.url, 'pageviews')).pageviews === 3).catch(
      () => undefined,
    );
    expect(await totals(up.url, 'pageviews,visits')).toEqual({ pageviews: 3, visits: 1 });
    await waitFor('the refused', async () => (await rows('SELECT 1 FROM rejected FINAL')).length === 7).catch(
      () => undefined,
    );
    expect(await rows('SELECT reason, count() AS n FROM rejected FINAL GROUP BY reason ORDER BY reason')).toEqual([
      { reason: 'invalid', n: '5' },
      { reason: 'too_deep', n: '1' },
      { reason: 'ts_too_old', n: '1' },
    ]);
  });
});

async function problemOf(response: Response): Promise<{ detail: string; errors?: { path: string }[] }> {
  return JSON.parse(await response.text());
}

describe('the ingest API', () => {
  const send = (body: string, type = 'application/json'): Promise<Response> =>
    fetch(`${up.url}/api/v1/ingest/payments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': type },
      body,
    });
  const payment = { source: 'shop', id: 'p1', deal_id: 'd1', paid_at: '2026-04-10T12:00:00+03:00', amount: '100.10' };

  test('refuses a whole request for one bad row and names it', async () => {
    const paid = { ...payment, id: 'p2', paid_at: 1e20 };
    const response = await send(JSON.stringify([payment, paid, { ...payment, amount: {} }]));
    expect(response.status).toBe(422);
    const { errors } = await problemOf(response);
    expect(errors?.map(({ path }) => path)).toEqual(['1.paid_at', '2.amount']);
  });

  test.each([
    ['half a JSON', '[{"source":', 'application/json', 400, /is not JSON/],
    ['a line that is no JSON', `${JSON.stringify(payment)}\n{`, 'application/x-ndjson', 400, /line 2 is not JSON/],
    ['no list', '{}', 'application/json', 400, /not a JSON array/],
    ['a CSV with an open quote', 'source,id\n"shop,1', 'text/csv', 400, /The CSV cannot be read/],
    ['10,000 levels', '['.repeat(10_000) + ']'.repeat(10_000), 'application/json', 422, /Nothing was taken/],
  ])('refuses %s', async (_name, body, type, status, detail) => {
    const response = await send(body, type);
    expect(response.status).toBe(status);
    expect((await problemOf(response)).detail).toMatch(detail);
  });

  test('counts the good request that follows', async () => {
    expect((await send(JSON.stringify([payment]))).status).toBe(200);
    await waitFor('the payment', async () => (await totalsOf('revenue', '2026-04-01', '2026-04-30')).revenue === 100.1);
  });
});

describe('files of 1C', () => {
  const bytes = (content: string | Buffer): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(content));
  const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 9 }, (_, i) => `<!ENTITY a${i} "${`&a${i - 1 < 0 ? '' : i - 1};`.repeat(10)}">`).join('')}]><КоммерческаяИнформация>&a8;</КоммерческаяИнформация>`;
  const outside =
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><КоммерческаяИнформация><Документ><Ид>&f;</Ид></Документ></КоммерческаяИнформация>';
  const zip = zipOne('orders.xml', Buffer.from(orderFile('Z-1', '700.00')));
  const packedBomb = zipOne('orders.xml', Buffer.alloc(64 * 1024 * 1024, ' '));

  const bad: readonly [string, string, Buffer][] = [
    ['an XML bomb', 'bomb.xml', Buffer.from(bomb)],
    ['an external entity', 'outside.xml', Buffer.from(outside)],
    ['windows-1251 that says UTF-8', 'broken.xml', iconv.encode(orderFile('B-1', '900.00'), 'win1251')],
    ['an unknown encoding', 'koi.xml', Buffer.from(orderFile('B-2', '900.00', 'klingon-8'))],
    ['a file that is cut off', 'cut.xml', Buffer.from(orderFile('B-3', '900.00')).subarray(0, 900)],
    ['a zip that is cut off', 'cut.zip', zip.subarray(0, zip.length - 40)],
    ['a zip bomb', 'bomb.zip', packedBomb],
    ['no XML', 'page.xml', Buffer.from('<html><body>Not found</body></html>')],
    ['nothing', 'empty.xml', Buffer.alloc(0)],
  ];

  let imported: Finished;
  beforeAll(async () => {
    const paths = await Promise.all(bad.map(([, filename, content]) => product.write(filename, content)));
    imported = await run('import', 'commerceml', ...paths);
  });

  test.each(bad)('%s is refused by name over the exchange and by import', async (_name, filename, content) => {
    const answer = await sendFile(up.url, login, filename, bytes(content));
    expect(answer).toMatch(new RegExp(`^failure\\n${filename}`));
    expect(answer).not.toMatch(/root:| {4}at /);
    const { code, stdout, stderr } = imported;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr.match(new RegExp(`^✗ .*/${filename}: .+`, 'gm'))).toHaveLength(1);
    expect(stderr).not.toMatch(/root:| {4}at /);
  });

  test('the good files that follow are counted once, in windows-1251 and zipped too', async () => {
    const good = iconv.encode(orderFile('G-1', '1500.10', 'windows-1251'), 'win1251');
    expect(await sendFile(up.url, login, 'good.xml', bytes(good))).toBe('success\n');
    expect(await sendFile(up.url, login, 'good.zip', bytes(zip))).toBe('success\n');
    expect(await sendFile(up.url, login, 'good.xml', bytes(good))).toBe('success\n');
    const expected = { deals: 2, sales: 2, revenue: 2200.1 };
    await waitFor(
      'the orders',
      async () => (await totalsOf('revenue', '2026-02-10', '2026-02-10')).revenue === 2200.1,
    ).catch(() => undefined);
    expect(await totalsOf('deals,sales,revenue', '2026-02-10', '2026-02-10')).toEqual(expected);
  });
});

describe('a vendor', () => {
  const februarySpend = () => totalsOf('ad_cost', '2026-02-01', '2026-02-28');
  const deals = () =>
    rows<{ ids: string; versions: string }>(
      "SELECT uniqExact(record_id) AS ids, count() AS versions FROM raw_records WHERE source = 'b24' AND entity = 'deal'",
    );

  test.each([
    [
      'a renamed column',
      (tsv: string) => tsv.replace('Cost', 'Spend'),
      /the report has no column Cost; its header is "Date\t/,
    ],
    ['a report that is cut off', (tsv: string) => tsv.slice(0, tsv.length - 20), /the report is cut off/],
    ['an amount that is no number', (tsv: string) => tsv.replace('100000000', 'much'), /Cost/],
  ])('Direct sends %s: told by its place, no spend is invented', async (_name, spoil, detail) => {
    direct.answerWith((request) => {
      const { body } = report(spend, request);
      return { body: spoil(String(body)) };
    });
    const { stdout, stderr } = await run('sync', 'direct');
    expect(
      stdout + stderr + JSON.stringify(await rows("SELECT place, detail FROM rejected FINAL WHERE source = 'direct'")),
    ).toMatch(detail);
    expect(Number((await februarySpend()).ad_cost)).toBeLessThanOrEqual(200);
  });

  test('Direct sends a column more, and the rest as it should: the spend is right and counted once', async () => {
    direct.answerWith((request) => {
      const lines = String(report(spend, request).body).split('\n');
      return {
        body: lines.map((line, i) => (line.includes('\t') ? `${i === 0 ? 'New' : '7'}\t${line}` : line)).join('\n'),
      };
    });
    expect(await run('sync', 'direct')).toMatchObject({ code: 0 });
    direct.answerWith(goodReport);
    expect(await run('sync', 'direct', '--since', '2026-01-20')).toMatchObject({ code: 0, stderr: '' });
    expect(await februarySpend()).toEqual({ ad_cost: 200 });
  });

  test('Bitrix24 fails between two pages: what was read stays, the next reading goes on', async () => {
    let pages = 0;
    portal.answerWith((request) => {
      const isPage = request.path.includes('crm.deal.list');
      pages += isPage ? 1 : 0;
      if (isPage && pages > 1)
        return {
          status: 500,
          headers: { 'retry-after': '3600' },
          body: { error: 'INTERNAL_SERVER_ERROR', error_description: '' },
        };
      return bitrix24.answer(request);
    });
    const { code, stderr } = await run('sync', 'b24');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^✗ b24 deals: .*INTERNAL_SERVER_ERROR/m);
    const [kept] = await deals();
    expect(Number(kept?.ids)).toBeGreaterThan(0);
    portal.answerWith(bitrix24.answer);
    expect(await run('sync', 'b24')).toMatchObject({ code: 0, stderr: '' });
    expect(await deals()).toEqual([{ ids: '120', versions: '120' }]);
  });

  test('Bitrix24 gives one page twice: nothing is doubled, nothing is missed', async () => {
    let last: ReturnType<typeof bitrix24.answer> | undefined;
    let pages = 0;
    portal.answerWith((request) => {
      const answer = bitrix24.answer(request);
      if (!request.path.includes('crm.deal.list')) return answer;
      pages += 1;
      const repeated = pages === 2 ? last : undefined;
      last = answer;
      return repeated ?? answer;
    });
    await run('sync', 'b24', '--since', '2020-01-01');
    expect(pages).toBeGreaterThan(1);
    portal.answerWith(bitrix24.answer);
    expect(await run('sync', 'b24', '--since', '2020-01-01')).toMatchObject({ code: 0, stderr: '' });
    expect(await deals()).toEqual([{ ids: '120', versions: '120' }]);
  });
});

test('the product has gone on all the while and has logged no stack trace', async () => {
  expect((await fetch(`${up.url}/healthz`)).status).toBe(200);
  expect(up.output.stderr).not.toContain('    at ');
});

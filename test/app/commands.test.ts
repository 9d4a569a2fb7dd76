import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../reports/contract.ts';
import { vendor as bitrix24 } from '../fixtures/sources/bitrix24/vendor.ts';
import { vendor as direct } from '../fixtures/sources/yandex-direct/vendor.ts';
import { type FakeVendor, startFakeVendor } from '../support/fake-vendor.ts';
import { askReport, type Totals } from './support/ask.ts';
import { atTheEnd, runHere } from './support/command-line.ts';
import { adminToken, type Finished, Product, type Up } from './support/product.ts';
import { waitFor } from './support/wait-for.ts';

let product: Product;
let up: Up;
let vendors: readonly FakeVendor[];

const configFile = (): string => join(product.dir, 'throughline.config.yaml');

/** A command of this process beside the running product. */
const run = (...args: string[]): Promise<Finished> =>
  runHere([...args, '--data', product.dataDir, '--config', configFile()]);

/** Totals of a month by the API. */
async function totalsOf(metrics: string, from = '2026-01-01', to = '2026-01-31', more = {}): Promise<Totals> {
  const response = await askReport(up.url, new URLSearchParams({ metrics, from, to, ...more }));
  expect(response.status).toBe(200);
  return JSON.parse(await response.text()).totals;
}

async function rows<Row>(sql: string): Promise<Row[]> {
  const warehouse = await product.warehouse();
  try {
    return await warehouse.query<Row>(sql);
  } finally {
    await warehouse.close();
  }
}

beforeAll(async () => {
  vendors = await Promise.all([
    startFakeVendor(direct.refusal),
    startFakeVendor(() => ({ status: 500, headers: { 'retry-after': '3600' }, body: 'Internal Server Error' })),
    startFakeVendor(bitrix24.answer),
  ]);
  const [refusing, broken, working] = vendors.map(({ url }) => url);
  const portal = JSON.stringify({ ...bitrix24.settings(working ?? ''), requests_per_second: 1000 }).slice(1, -1);
  product = await Product.create(`project: shop
secret: a secret that only tests know
sites: [{ key: demo, domains: [shop.example], origins: ["https://shop.example"] }]
sources:
  - { id: refused, type: yandex-direct, token: y0_s3crettoken, vat: included, base_url: "${refusing}" }
  - { id: broken, type: yandex-direct, token: y0_another-s3cret, vat: included, base_url: "${broken}" }
  - { id: b24, type: bitrix24, ${portal} }
  - { id: onec, type: 1c-exchange, login: site, password: "p4ssw0rd of 1C" }
`);
  up = await product.up();
});

afterAll(async () => {
  await product.remove();
  await Promise.all(vendors.map((vendor) => vendor.close()));
});

const january = new URLSearchParams({ metrics: 'visits', from: '2026-01-01', to: '2026-01-31' });

describe('token', () => {
  test('a new token works at once, for its scope alone, and a revoked one ends at once', async () => {
    const made = await run('token', 'create', '--scope', 'read', '--name', 'dashboard of Anna');
    expect(made.code).toBe(0);
    const token = made.stdout.trim();
    expect(token).toMatch(/^tl_[\w-]{43}$/);
    const id = /Its id is (\w+)\./.exec(made.stderr)?.[1] ?? '';
    expect((await askReport(up.url, january, token)).status).toBe(200);

    const ingest = await fetch(`${up.url}/api/v1/ingest/costs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '[]',
    });
    expect(ingest.status).toBe(403);

    const listed = await run('token', 'list');
    expect(listed.stdout).toMatch(
      new RegExp(`^${id} +dashboard of Anna +read +2\\d{3}-\\d\\d-\\d\\d \\d\\d:\\d\\d$`, 'm'),
    );
    const revoked = await run('token', 'revoke', id);
    expect(revoked).toEqual({ code: 0, stdout: `Token ${id} is revoked.\n`, stderr: '' });
    expect((await askReport(up.url, january, token)).status).toBe(401);

    const again = await run('token', 'list');
    for (const text of [listed.stdout, again.stdout, revoked.stdout, up.output.stdout, up.output.stderr])
      expect(text).not.toContain(token);
    expect(
      await rows(`SELECT * FROM tokens WHERE position(concat(token_hash, token_id, name), '${token}') > 0`),
    ).toEqual([]);
  });

  test('an ingest token may not read, no token and a wrong one are refused', async () => {
    const { stdout } = await run('token', 'create', '--scope', 'ingest');
    expect((await askReport(up.url, january, stdout.trim())).status).toBe(403);
    expect((await askReport(up.url, january, 'tl_wrong')).status).toBe(401);
    expect((await fetch(`${up.url}/api/v1/report?${january}`)).status).toBe(401);
  });

  test('revoking what is not there fails in a sentence', async () => {
    expect(await run('token', 'revoke', 'nosuch')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'there is no token nosuch; "token list" shows them\n',
    });
  });
});

test('doctor names a 1C that has never sent anything', async () => {
  const { code, stdout } = await run('doctor');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^✗ source onec: has never sent anything: set up the exchange in 1C$/m);
});

describe('import', () => {
  const header = 'source,id,date,campaign_id,utm_source,utm_medium,cost,vat';
  const good = [header, 'vk-ads,1,2026-03-01,77,vk,cpc,1220.10,included', 'vk-ads,2,2026-03-02,77,vk,cpc,100,included'];

  test('costs come into the report; importing the file again changes amounts and adds nothing', async () => {
    const file = await product.write('costs.csv', good.join('\n'));
    expect(await run('import', 'costs', file)).toEqual({
      code: 0,
      stdout: `✓ ${file}: 2 records\n`,
      stderr: '',
    });
    expect(await totalsOf('ad_cost', '2026-03-01', '2026-03-31')).toEqual({ ad_cost: 1320.1 });
    await run('import', 'costs', file);
    expect(await totalsOf('ad_cost', '2026-03-01', '2026-03-31')).toEqual({ ad_cost: 1320.1 });
    await product.write('costs.csv', good.join('\n').replace('1220.10', '1000.05'));
    await run('import', 'costs', file);
    expect(await totalsOf('ad_cost', '2026-03-01', '2026-03-31')).toEqual({ ad_cost: 1100.05 });
  });

  test('a file as Russian Excel saves it is read: windows-1251, semicolons, commas in the amounts', async () => {
    const text = 'source;id;date;campaign;cost;vat\navito;1;2026-05-01;Весна;1 530,55;included\n';
    const file = await product.write('excel.csv', iconv.encode(text, 'win1251'));
    expect((await run('import', 'costs', file)).code).toBe(0);
    expect(await totalsOf('ad_cost', '2026-05-01', '2026-05-31')).toEqual({ ad_cost: 1530.55 });
    expect(await rows("SELECT campaign FROM costs FINAL WHERE date = '2026-05-01'")).toEqual([{ campaign: 'Весна' }]);
  });

  test('spends at one place of a file are added up, and the file corrected replaces them whole', async () => {
    const spends = (...amounts: string[]) =>
      product.write(
        'twice.csv',
        ['source;date;campaign;cost;vat', ...amounts.map((one) => `fb;10.06.2026;A;${one}`)].join('\n'),
      );
    const file = await spends('100;none', '250;none');
    for (const _time of [1, 2]) {
      const { stdout } = await run('import', 'costs', file);
      expect(stdout).toBe(`✓ ${file}: 1 records, 2 rows that differ only in the amounts were added up to 1\n`);
      expect(await totalsOf('ad_cost', '2026-06-01', '2026-06-30')).toEqual({ ad_cost: 350 });
    }
    await spends('300;none');
    await run('import', 'costs', file);
    expect(await totalsOf('ad_cost', '2026-06-01', '2026-06-30')).toEqual({ ad_cost: 300 });
    await spends('1;none', '2;included');
    const { code, stderr } = await run('import', 'costs', file);
    expect([code, stderr]).toEqual([1, expect.stringContaining('  rows 1 and 2 are costs of one place')]);
  });

  test('a file with a fault is not imported at all, and every fault is named by row and column', async () => {
    const lines = [...good, 'vk-ads,3,2026-03-32,77,vk,cpc,1,included', 'vk-ads,4,2026-03-03,77,vk,cpc,a lot,nds'];
    const file = await product.write('bad.csv', lines.join('\n'));
    const before = await rows("SELECT count() FROM raw_records WHERE entity = 'cost'");
    const { code, stderr } = await run('import', 'costs', file);
    expect(code).toBe(1);
    expect(stderr).toContain(`✗ ${file}: Nothing was imported`);
    expect(stderr).toMatch(/row 3, date: .*\n {2}row 4, cost: .*\n {2}row 4, vat: /);
    expect(stderr).not.toContain('row 1,');
    expect(await rows("SELECT count() FROM raw_records WHERE entity = 'cost'")).toEqual(before);
  });

  test('an unknown column is named', async () => {
    const file = await product.write('column.csv', `${header},colour\nvk-ads,9,2026-03-01,77,vk,cpc,1,included,red`);
    const { code, stderr } = await run('import', 'costs', file);
    expect(code).toBe(1);
    expect(stderr).toContain('row 1: Unrecognized key: "colour"');
  });

  test('rates of currencies price what waits for them, and a file with a fault is not imported at all', async () => {
    const spend = `${header},currency\nvk-ads,usd,2026-08-03,77,vk,cpc,10.00,included,USD`;
    await run('import', 'costs', await product.write('usd.csv', spend));
    expect(await totalsOf('ad_cost', '2026-08-01', '2026-08-31')).toEqual({ ad_cost: 0 });
    const bad = [
      'date;currency;rate',
      '01.08.2026;USD;92,50',
      '02.08.2026;RUB;1',
      '03.08.2026;USD;-1',
      '01.08.2026;USD;93',
    ];
    const file = await product.write('rates.csv', bad.join('\n'));
    const refused = await run('import', 'rates', file);
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain(
      "  row 2, currency: RUB is the project's own currency, its rate is always 1\n  row 3, rate: expected a rate above 0 for one unit of the currency\n  row 4, rate: row 1 gives another rate of USD for 2026-08-01\n",
    );
    expect(await rows('SELECT * FROM currency_rates')).toEqual([]);
    await product.write('rates.csv', bad.slice(0, 2).join('\n'));
    const imported = `✓ ${file}: 1 rates, 1 new or changed, 1 deals, payments and costs counted anew\n`;
    expect(await run('import', 'rates', file)).toEqual({ code: 0, stdout: imported, stderr: '' });
    expect(await totalsOf('ad_cost', '2026-08-01', '2026-08-31')).toEqual({ ad_cost: 925 });
  });

  test('a file that is not there, of no known ending or of no known format does not stop the others', async () => {
    const file = await product.write('costs.csv', good.join('\n'));
    const picture = await product.write('costs.png', '');
    const missing = await run('import', 'costs', 'nosuch.csv', picture, product.dir, file);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toBe(
      `✗ nosuch.csv: There is no such file.\n✗ ${picture}: Give a file that ends in .csv, .ndjson, .jsonl, .json.\n✗ ${product.dir}: This is a folder: give the files in it.\n`,
    );
    expect(missing.stdout).toBe(`✓ ${file}: 2 records\n`);
    const unknown = await run('import', 'receipts', file);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('"receipts" is not known; give one of commerceml, costs, deals');
  });

  test('a file without anything in it is told to be empty', async () => {
    const files = await Promise.all(
      ['', '\ufeff', ' \r\n'].map((text, number) => product.write(`empty${number}.csv`, text)),
    );
    const { code, stdout, stderr } = await run('import', 'costs', ...files);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toBe(files.map((file) => `✗ ${file}: The file is empty.\n`).join(''));
  });

  test('orders of 1C come into the report with their payments, once', async () => {
    const file = join(import.meta.dirname, '../fixtures/sources/1c-exchange/site-orders-2.05.xml');
    const first = await run('import', 'commerceml', file);
    expect(first).toEqual({ code: 0, stdout: `✓ ${file}: 2 records, into onec\n`, stderr: '' });
    const expected = { deals: 1, sales: 1, revenue: 15490 };
    expect(await totalsOf('deals,sales,revenue', '2026-01-10', '2026-01-10', { date_basis: 'deal' })).toEqual(expected);
    await run('import', 'onec', file);
    expect(await totalsOf('deals,sales,revenue', '2026-01-10', '2026-01-10', { date_basis: 'deal' })).toEqual(expected);
  });
});

describe('sync', () => {
  test('sources that fail do not stop the one that works, and no secret is told', async () => {
    const { code, stdout, stderr } = await product.run(['sync'], { LOG_LEVEL: 'debug' });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^✓ b24: \d+ read, \d+ new or changed$/m);
    expect(stdout).toMatch(/^✓ reports: (brought )?up to date/m);
    expect(stderr).toMatch(/^✗ refused costs: .*get a new token and put it into the setting token/m);
    expect(stderr).toMatch(/^✗ broken costs: .*500/m);
    expect(stdout).toMatch(/^✗ refused: 0 read, 0 new or changed\n✗ broken: 0 read, 0 new or changed$/m);
    expect(stdout + stderr).not.toMatch(/s3cret| {4}at /);
    expect(await totalsOf('deals', '2024-01-01', '2026-12-31')).toMatchObject({ deals: expect.any(Number) });
    const again = await run('sync', 'b24');
    expect(again.code).toBe(0);
    expect(again.stdout).toMatch(/✓ b24: \d+ read, 0 new or changed\n✓ reports: (brought )?up to date/);
  });

  test('a source that sends by itself is not read', async () => {
    expect(await run('sync', 'onec')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'There is nothing to read from onec: it sends by itself.\n',
    });
  });

  test('an unknown source is told with the known ones', async () => {
    expect(await run('sync', 'amo')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'There is no source "amo". Known: refused, broken, b24, onec.\n',
    });
  });
});

describe('report', () => {
  const asked = {
    metrics: 'visits,ad_cost,deals,sales,revenue,roi',
    dimensions: 'channel,campaign',
    from: '2026-01-01',
    to: '2026-03-31',
    sort: '-revenue,channel',
  };
  const options = Object.entries(asked).flatMap(([name, value]) => [`--${name}`, value]);

  async function byHttp(): Promise<Report> {
    const response = await askReport(up.url, new URLSearchParams(asked));
    return JSON.parse(await response.text());
  }

  test('is the same as JSON, CSV, Arrow and table as it is by HTTP', async () => {
    const expected = await byHttp();
    expect(expected.rows.length).toBeGreaterThan(1);
    const json = JSON.parse((await run('report', ...options, '--format', 'json')).stdout);
    expect({ ...json, meta: undefined }).toEqual({ ...expected, meta: undefined });

    const csv = await run('report', ...options, '--format', 'csv');
    const names = expected.columns.map(({ name }) => name);
    const lines = expected.rows.map((row: Record<string, unknown>) =>
      names.map((name: string) => row[name] ?? '').join(','),
    );
    expect(csv.stdout.trimEnd().split('\r\n')).toEqual([names.join(','), ...lines]);

    const arrow = await run('report', ...options, '--format', 'arrow');
    const table = tableFromIPC(Buffer.from(arrow.stdout, 'latin1'));
    expect(table.toArray().map((row) => ({ ...row.toJSON() }))).toEqual(expected.rows);

    const text = await run('report', ...options);
    const revenue = Number(expected.totals.revenue)
      .toFixed(2)
      .replace(/\B(?=(\d{3})+\.)/g, ' ');
    expect(text.stdout.trimEnd().split('\n').at(-1)).toMatch(new RegExp(`^total .* ${revenue} `));
  });

  test('a wrong metric is told by its place', async () => {
    const { code, stdout, stderr } = await run(
      'report',
      '--metrics',
      'visits,profits',
      '--from',
      '2026-01-01',
      '--to',
      '2026-01-31',
    );
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('metrics.1: ');
  });

  test('rebuild leaves every report as it was', async () => {
    const before = await byHttp();
    const rebuilt = atTheEnd(await run('rebuild'));
    expect(rebuilt).toEqual({ code: 0, stdout: '✓ rebuild: every report table was computed anew\n', stderr: '' });
    const after = await byHttp();
    expect({ ...after, meta: undefined }).toEqual({ ...before, meta: undefined });
  });
});

test('migrate changes nothing the second time', async () => {
  const first = await run('migrate');
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toContain('The schema is up to date: 0001-');
  expect(await run('migrate')).toEqual(first);
});

test('doctor tells what is wrong and what to do', async () => {
  const { code, stdout, stderr } = await run('doctor');
  expect([code, stderr]).toEqual([1, '']);
  expect(stdout).toContain(`✓ configuration: ${configFile()}\n`);
  expect(stdout).toMatch(/^✓ database: ClickHouse \d+\.\d+.* \(embedded\), \d+ migrations applied$/m);
  expect(stdout).toMatch(/^✗ source refused: failed at /m);
  expect(stdout).toMatch(/^✓ source b24: read at /m);
  expect(stdout).toMatch(/^✓ source onec: read at /m);
  expect(stdout).toMatch(/^✓ reports: 0 batches wait for the stages$/m);
  expect(stdout).not.toContain('s3cret');
});

test('up is ready, and tells a token what its processes took', async () => {
  expect(await (await fetch(`${up.url}/readyz`)).json()).toEqual({ status: 'ok' });
  const read = () => fetch(`${up.url}/metrics`, { headers: { authorization: `Bearer ${adminToken}` } });
  const figures = async (): Promise<string> => (await read()).text();
  await expect
    .poll(figures, { timeout: 10_000 })
    .toMatch(/^throughline_resident_memory_bytes\{process="worker-1"\} [1-9]/m);
  expect(await figures()).toMatch(/^throughline_workers_open 1$/m);
  expect((await fetch(`${up.url}/metrics`)).status).toBe(401);
});

describe('a second up', () => {
  test('on the same data folder is refused and does not touch what the first is taking', async () => {
    const second = await run('up', '--port', '0');
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(
      /^Another throughline \(process \d+ on \S+\) collects into .*data already: stop it first, or choose another data folder with --data\.\n$/,
    );
    expect((await fetch(`${up.url}/healthz`)).status).toBe(200);
  });

  test('on the same port is refused and ends', async () => {
    const port = new URL(up.url).port;
    const second = await product.run(['up', '--port', port]);
    expect(second).toEqual({
      code: 1,
      stdout: '',
      stderr: `Port ${port} is taken: stop what uses it or give another with --port.\n`,
    });
  });
});

test('the running product has logged no secret and no stack trace', async () => {
  expect(up.output.stderr).not.toMatch(new RegExp(`s3cret|p4ssw0rd|${adminToken}|    at `));
  const stored = await readFile(join(product.dataDir, 'endpoint.json'), 'utf8');
  expect(up.output.stdout + up.output.stderr).not.toContain(JSON.parse(stored).password);
  await waitFor(
    'nothing to wait for the stages',
    async () => (await rows('SELECT 1 FROM raw_batches FINAL WHERE done = 0')).length === 0,
  );
});

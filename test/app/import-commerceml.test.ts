import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { emptyWarehouse, testServer } from '../support/clickhouse.ts';
import { runHere } from './support/command-line.ts';
import type { Finished } from './support/product.ts';

const orders = join(import.meta.dirname, '../fixtures/sources/1c-exchange/site-orders-2.05.xml');
const source = (id: string): string =>
  `  - { id: ${id}, type: 1c-exchange, login: ${id}, password: "p4ssw0rd of 1C" }\n`;

let folder: string;
let warehouse: Warehouse;
let run: (sources: string, ...args: string[]) => Promise<Finished>;
beforeAll(async () => {
  warehouse = await emptyWarehouse();
  const { url, username, password } = testServer();
  const address = Object.assign(new URL(`/${warehouse.database}`, url), { username, password });
  folder = await mkdtemp(join(tmpdir(), 'throughline-import-'));
  const config = join(folder, 'throughline.config.yaml');
  run = async (sources, ...args) => {
    await writeFile(config, `project: shop\nsecret: a secret that only tests know\nsources:\n${sources}`);
    return runHere([...args, '--data', folder, '--config', config], { CLICKHOUSE_URL: address.href });
  };
});
afterAll(() => rm(folder, { recursive: true }));

const told = async (): Promise<string[]> =>
  (
    await warehouse.query<{ id: string }>(
      "SELECT DISTINCT concat(source, ' ', record_id) AS id FROM raw_records WHERE entity = 'deal' ORDER BY id",
    )
  ).map(({ id }) => id);

test('a CommerceML file is taken as one of the only 1C that is connected, so that its orders count once', async () => {
  const sources = source('site-1c');
  expect(await run(sources, 'import', 'commerceml', orders)).toMatchObject({
    code: 0,
    stdout: `✓ ${orders}: 2 records, into site-1c\n`,
  });
  expect(await run(sources, 'import', 'site-1c', orders)).toMatchObject({ code: 0 });
  expect(await told()).toEqual(['site-1c 10231']);
});

test('with several 1C a file is refused until it is said whose it is, and nothing is imported', async () => {
  const sources = source('site-1c') + source('b2b-1c');
  expect(await run(sources, 'import', 'commerceml', orders)).toEqual({
    code: 2,
    stdout: '',
    stderr: `✗ ${orders}: Give the 1C whose file it is instead of commerceml: site-1c, b2b-1c.\n`,
  });
  expect(await told()).toEqual(['site-1c 10231']);
});

import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseConfig } from '../../app/config/load-config.ts';
import { claimDatabase } from '../../app/runtime/claim-database.ts';
import { DataFolderError } from '../../app/runtime/data-folder-error.ts';
import { openInstallation } from '../../app/runtime/installation.ts';
import { type RoleName, serve } from '../../app/runtime/serve.ts';
import { systemClock } from '../../domain/time.ts';
import { silentLogger } from '../../warehouse/logger.ts';
import { emptyWarehouse, testServer } from '../support/clickhouse.ts';
import { runHere } from './support/command-line.ts';
import { plainConfig } from './support/product.ts';

let folders: string[];
let address: URL;
beforeEach(async () => {
  const { database } = await emptyWarehouse();
  const { url, username, password } = testServer();
  address = Object.assign(new URL(`/${database}`, url), { username, password });
  folders = await Promise.all([1, 2].map(() => mkdtemp(join(tmpdir(), 'throughline-claim-'))));
});
afterEach(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

const open = (dataDir = '') =>
  openInstallation({
    config: parseConfig(plainConfig, 'throughline.config.yaml', {}),
    dataDir,
    env: { CLICKHOUSE_URL: address.href },
    clock: systemClock,
    logger: silentLogger,
  });

async function start(dataDir: string | undefined, roles: readonly RoleName[]): Promise<void> {
  const installation = await open(dataDir);
  try {
    const served = await serve(installation, { host: '127.0.0.1', port: 0, roles, hasConfigFile: true });
    await served.stop();
  } finally {
    await installation.stop();
  }
}

test('an installation does not start on the database of another, unless it only reads', async () => {
  await start(folders[0], ['collector', 'etl', 'reports']);
  await start(folders[0], ['etl']);
  const refusal = new RegExp(`belongs to the installation in ${folders[0]} on .*this one is in ${folders[1]}`);
  await expect(start(folders[1], ['etl'])).rejects.toThrow(refusal);
  await expect(start(folders[1], ['collector'])).rejects.toThrow(refusal);
  await start(folders[1], ['reports']);
});

test('a command that writes refuses the database of another installation, one that reads does not', async () => {
  await start(folders[0], ['etl']);
  const [, folder = ''] = folders;
  const config = join(folder, 'throughline.config.yaml');
  await writeFile(
    config,
    `${plainConfig}\nsources:\n  - id: b24\n    type: bitrix24\n    url: https://127.0.0.1:1/rest/1/key/\n`,
  );
  const run = (...args: readonly string[]) =>
    runHere([...args, '--config', config, '--data', folder], { CLICKHOUSE_URL: address.href });
  for (const args of [['rebuild'], ['sync', 'b24'], ['import', 'costs', 'costs.csv']]) {
    const { code, stderr } = await run(...args);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^The database test_\w+ belongs to the installation in /),
    ]);
  }
  expect((await run('token', 'list')).code).toBe(0);
});

test('a folder whose id was spoilt says how to find the id again', async () => {
  const [folder = ''] = folders;
  const installation = await open(folder);
  await claimDatabase(installation);
  const file = join(folder, 'installation');
  const id = await readFile(file, 'utf8');
  await truncate(file);
  await expect(claimDatabase(installation)).rejects.toThrow(`${file} does not hold the id of this installation`);
  await rm(file);
  await expect(claimDatabase(installation)).rejects.toThrow(`write ${id.trim()} into ${file}`);
  await writeFile(file, id);
  await claimDatabase(installation);
  await installation.stop();
});

test('of two installations that claim a new database at once one gets it, and the other as soon as it is released', async () => {
  const both = await Promise.all(folders.map(open));
  const claims = await Promise.allSettled(both.map(claimDatabase));
  expect(claims.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const loser = both[claims.findIndex(({ status }) => status === 'rejected')];
  if (loser === undefined) throw new Error('one of them must lose');
  await expect(claimDatabase(loser)).rejects.toThrow(DataFolderError);
  await loser.warehouse.command('DROP TABLE installation');
  await claimDatabase(loser);
  for (const one of both) await one.stop();
});

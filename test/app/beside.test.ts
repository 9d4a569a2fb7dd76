import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runHere } from './support/command-line.ts';
import { type Finished, Product, plainConfig } from './support/product.ts';

let product: Product;

beforeAll(async () => {
  product = await Product.create(plainConfig);
});

afterAll(() => product.remove());

/** Spend of a month, asked by a command of this process when the others have ended. */
const spendOf = (from: string, to: string): Promise<Finished> => {
  const asked = ['--metrics', 'ad_cost', '--from', from, '--to', to, '--format', 'csv'];
  const config = join(product.dir, 'throughline.config.yaml');
  return runHere(['report', ...asked, '--data', product.dataDir, '--config', config]);
};

test('a command whose reader stops before its end does its work, says nothing and ends as shells say it', async () => {
  const file = await product.write('costs.csv', 'source,id,date,campaign,cost,vat\nvk,jan,2026-01-15,A,100,none');
  const entry = join(import.meta.dirname, '../../dist/app/throughline.js');
  const child = spawn(process.execPath, [entry, 'import', 'costs', file], {
    cwd: product.dir,
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  await once(child, 'close');
  expect([child.exitCode, complaints]).toEqual([141, '']);
  expect(await spendOf('2026-01-01', '2026-01-31')).toEqual({ code: 0, stdout: 'ad_cost\r\n100\r\n', stderr: '' });
}, 180_000);

test('commands of one folder at once all do their work, whichever ends first', async () => {
  const spends = ['1', '2'].map((id) => `vk,${id},2026-02-15,A,100,none`);
  const header = 'source,id,date,campaign,cost,vat';
  const files = await Promise.all(
    spends.map((spend, number) => product.write(`february${number}.csv`, `${header}\n${spend}`)),
  );
  const finished = await Promise.all([
    ...files.map((file) => product.run(['import', 'costs', file])),
    product.run(['rebuild']),
  ]);
  expect(finished.map(({ code, stderr }) => ({ code, stderr }))).toEqual(finished.map(() => ({ code: 0, stderr: '' })));
  expect((await spendOf('2026-02-01', '2026-02-28')).stdout).toBe('ad_cost\r\n200\r\n');
}, 180_000);

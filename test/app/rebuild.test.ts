import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askReport } from './support/ask.ts';
import { atTheEnd, runHere } from './support/command-line.ts';
import { type Finished, Product, plainConfig, type Up } from './support/product.ts';
import { waitFor } from './support/wait-for.ts';

let product: Product;
let up: Up;

beforeAll(async () => {
  product = await Product.create(plainConfig);
  up = await product.up();
  const header = 'source,id,date,campaign,cost,vat';
  const spends = ['vk,jan,2026-01-15,A,100,none', 'vk,feb,2026-02-15,A,200,none', 'vk,mar,2026-03-15,A,300,none'];
  const file = await product.write('costs.csv', [header, ...spends].join('\n'));
  expect((await run('import', 'costs', file)).code).toBe(0);
});

afterAll(() => product.remove());

/** A command of this process beside the running product. */
const run = (...args: string[]): Promise<Finished> =>
  runHere([...args, '--data', product.dataDir, '--config', join(product.dir, 'throughline.config.yaml')]);

async function inDatabase<Answer>(work: (warehouse: Awaited<ReturnType<Product['warehouse']>>) => Promise<Answer>) {
  const warehouse = await product.warehouse();
  try {
    return await work(warehouse);
  } finally {
    await warehouse.close();
  }
}

/** Spend by month, and what the report warns of. */
async function report(): Promise<{ readonly spend: readonly number[]; readonly warnings: readonly string[] }> {
  const asked = { metrics: 'ad_cost', from: '2026-01-01', to: '2026-03-31', granularity: 'month' };
  const response = await askReport(up.url, new URLSearchParams(asked));
  const { rows, meta } = (await response.json()) as {
    rows: readonly { ad_cost: number }[];
    meta: { warnings: string[] };
  };
  return { spend: rows.map(({ ad_cost }) => ad_cost), warnings: meta.warnings };
}

describe('rebuild --from', () => {
  test('heals what lies on that day or later and leaves what lies before; rebuild heals all', async () => {
    await inDatabase((warehouse) =>
      warehouse.command('ALTER TABLE costs UPDATE cost_gross_base = 1 WHERE true SETTINGS mutations_sync = 1'),
    );
    expect((await report()).spend).toEqual([1, 1, 1]);
    // What was imported came today, and would all be rebuilt.
    const longAgo = "toDateTime64('2026-01-01', 3, 'UTC')";
    await inDatabase(async (warehouse) => {
      await warehouse.command(
        `INSERT INTO raw_records SELECT * REPLACE (${longAgo} AS version_at, ${longAgo} AS fetched_at) FROM raw_records`,
      );
      await warehouse.command(
        `ALTER TABLE raw_records DELETE WHERE fetched_at > ${longAgo} SETTINGS mutations_sync = 1`,
      );
    });
    expect(atTheEnd(await run('rebuild', '--from', '2026-02-15'))).toEqual({
      code: 0,
      stdout: '✓ rebuild: what happened or came since 2026-02-15 was computed anew\n',
      stderr: '',
    });
    expect((await report()).spend).toEqual([1, 200, 300]);
    expect((await run('rebuild')).code).toBe(0);
    expect((await report()).spend).toEqual([100, 200, 300]);
  });

  test.each(['2026-02-30', '15.02.2026', 'yesterday'])(
    '%s is no date: the option and a right one are named',
    async (date) => {
      const { code, stdout, stderr } = await run('rebuild', '--from', date);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain("option '--from <date>'");
      expect(stderr).toContain('expected a date such as 2026-01-31');
    },
  );

  test('a day that is yet to come is refused', async () => {
    const { code, stdout, stderr } = await run('rebuild', '--from', '2099-01-01');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /^error: --from 2099-01-01 is yet to come: give 20\d\d-\d\d-\d\d \(today in Europe\/Moscow\) or an earlier day\n$/,
    );
  });
});

test('a record that cannot be computed is named by doctor and warned of by reports until it is mended and rebuilt', async () => {
  expect((await run('doctor')).stdout).toContain('✓ set aside: everything loaded could be computed\n');
  await inDatabase(async (warehouse) => {
    await warehouse.command(
      `INSERT INTO raw_records SELECT * REPLACE ('bad' AS record_id, 'by-hand' AS batch,
         replace(record, '"vat":"none"', '"vat":"included","vat_rate":"-1"') AS record)
       FROM (SELECT * FROM raw_records WHERE record_id = 'mar')`,
    );
    await warehouse.insertRows('raw_batches', [{ project: 'shop', batch: 'by-hand', kind: 'records', rows: '1' }]);
    await waitFor(
      'the record to be set aside',
      async () => (await warehouse.query('SELECT 1 FROM set_aside')).length > 0,
    );
  });
  const { code, stdout } = await run('doctor');
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^✗ set aside: 1 events or records cannot be computed .*: cost:vk:bad of batch by-hand \(clean: .*ILLEGAL_DIVISION.*\)\. Correct them .* throughline rebuild$/m,
  );
  expect(await report()).toEqual({
    spend: [100, 200, 300],
    warnings: ['events or records that cannot be computed are left out (1): throughline doctor names them'],
  });
  const still = atTheEnd(await run('rebuild'));
  expect([still.code, still.stdout]).toEqual([
    1,
    '✗ rebuild: every report table was computed anew but for 1 that throughline doctor names\n',
  ]);

  await inDatabase((warehouse) =>
    warehouse.command(
      `ALTER TABLE raw_records UPDATE record = replace(record, '"-1"', '"0.2"') WHERE record_id = 'bad' SETTINGS mutations_sync = 1`,
    ),
  );
  expect((await run('rebuild')).code).toBe(0);
  expect(await report()).toEqual({ spend: [100, 200, 600], warnings: [] });
});

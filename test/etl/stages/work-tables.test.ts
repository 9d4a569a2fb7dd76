import { beforeAll, expect, test } from 'vitest';
import { WorkTables } from '../../../etl/stages/work-tables.ts';
import type { Warehouse } from '../../../warehouse/warehouse.ts';
import { testWarehouse } from '../../support/clickhouse.ts';

let warehouse: Warehouse;
beforeAll(async () => {
  warehouse = await testWarehouse();
});

/** One run of the stages that asks for these statements; the answer is what each was turned into. */
async function runOf(...statements: readonly string[]): Promise<string[][]> {
  const tables = await WorkTables.open({
    warehouse,
    project: 'shop',
    runNo: 1,
    batches: [],
    isRebuild: false,
    shareSize: 10,
  });
  const planned = statements.map((sql) => tables.plan(sql));
  for (const sql of planned.flat()) await warehouse.command(sql);
  return planned;
}

const things = (columns: string) => `CREATE OR REPLACE TABLE work_things ENGINE = Memory AS\nSELECT ${columns}`;
const copies = 'CREATE OR REPLACE TABLE work_copies ENGINE = Memory AS\nSELECT t.* FROM work_things AS t';
const copiesOfCopies = 'CREATE OR REPLACE TABLE work_copies_2 ENGINE = Memory AS\nSELECT c.* FROM work_copies AS c';
const isMaking = ([sql]: string[]) => sql?.startsWith('CREATE');

test('a work table is filled while its statement stands, and made anew with all that read it when it changes', async () => {
  const run = async (columns: string) => (await runOf(things(columns), copies, copiesOfCopies)).map(isMaking);
  expect(await run('1 AS one')).toEqual([true, true, true]);
  expect(await run('1 AS one')).toEqual([false, false, false]);
  expect(await run('1 AS one, 2 AS two')).toEqual([true, true, true]);
  expect(await warehouse.query('SELECT * FROM work_copies_2')).toEqual([{ one: 1, two: 2 }]);
  expect(await run('1 AS one, 2 AS two')).toEqual([false, false, false]);
});

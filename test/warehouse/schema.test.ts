import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { describeSchema } from '../../warehouse/describe-schema.ts';
import { createTableSql } from '../../warehouse/table.ts';
import { tables } from '../../warehouse/tables/index.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { emptyWarehouse, testWarehouse } from '../support/clickhouse.ts';

const GOLDEN = new URL('../../warehouse/schema.sql', import.meta.url);

let migrated: Warehouse;
let migratedTables: Map<string, string>;
let declaredTables: Map<string, string>;

/** The statement that the server itself gives for each table, by the table's name; views are left out. */
async function tableStatements(warehouse: Warehouse): Promise<Map<string, string>> {
  const statements = (await describeSchema(warehouse))
    .split(/;\n\n?/)
    .filter((text) => text.startsWith('CREATE TABLE'));
  return new Map(statements.map((text) => [/^CREATE TABLE `?(\w+)/.exec(text)?.[1] ?? '', text]));
}

beforeAll(async () => {
  migrated = await testWarehouse();
  migratedTables = await tableStatements(migrated);
  const declared = await emptyWarehouse();
  for (const table of Object.values(tables)) {
    await declared.command(createTableSql(table));
  }
  declaredTables = await tableStatements(declared);
});

describe('the migrated database', () => {
  test('is what warehouse/schema.sql says (UPDATE_SCHEMA=1 rewrites it)', async () => {
    const schema = await describeSchema(migrated);
    if (process.env.UPDATE_SCHEMA === '1') {
      writeFileSync(GOLDEN, schema);
    }
    expect(schema).toBe(readFileSync(GOLDEN, 'utf8'));
  });

  test('is described the same under another name', async () => {
    const other = await testWarehouse();
    expect(other.database).not.toBe(migrated.database);
    expect(await describeSchema(other)).toBe(await describeSchema(migrated));
  });

  test('has exactly the declared tables, each under its own name', () => {
    expect([...migratedTables.keys()].sort()).toEqual(Object.keys(tables).sort());
    expect(Object.values(tables).map((table) => table.name)).toEqual(Object.keys(tables));
  });

  test.each(Object.keys(tables))('has %s with the declared columns, engine, keys and settings', (name) => {
    expect(declaredTables.get(name)).toMatch(/^CREATE TABLE/);
    expect(migratedTables.get(name)).toBe(declaredTables.get(name));
  });
});

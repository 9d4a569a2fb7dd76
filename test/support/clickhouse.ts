import { randomBytes } from 'node:crypto';
import { afterAll, inject } from 'vitest';
import { connectWarehouse } from '../../warehouse/client.ts';
import { migrate } from '../../warehouse/migrate.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';

const opened: Warehouse[] = [];

/** How to reach the ClickHouse of this test run. */
export function testServer(): { url: string; username: string; password: string } {
  return inject('clickhouse');
}

/** A new database without a table. It is dropped after the tests of the file. */
export async function emptyWarehouse(): Promise<Warehouse> {
  const database = `test_${randomBytes(6).toString('hex')}`;
  const warehouse = connectWarehouse({ ...testServer(), database });
  const system = connectWarehouse({ ...testServer(), database: 'system' });
  await system.command(`CREATE DATABASE ${database} ENGINE = Atomic`);
  await system.close();
  opened.push(warehouse);
  return warehouse;
}

/** A new, migrated database. It is dropped after the tests of the file. */
export async function testWarehouse(): Promise<Warehouse> {
  const warehouse = await emptyWarehouse();
  await migrate(warehouse);
  return warehouse;
}

afterAll(async () => {
  for (const warehouse of opened.splice(0)) {
    await warehouse.command(`DROP DATABASE IF EXISTS ${warehouse.database} SYNC`);
    await warehouse.close();
  }
});

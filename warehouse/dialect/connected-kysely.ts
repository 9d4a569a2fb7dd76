import { Kysely } from 'kysely';
import type { Database } from '../tables/index.ts';
import type { Warehouse } from '../warehouse.ts';
import { ClickHouseDialect } from './clickhouse-dialect.ts';
import { ClickHouseDriver } from './clickhouse-driver.ts';

/** Kysely whose queries run on a warehouse. */
export function connectedKysely(warehouse: Pick<Warehouse, 'query' | 'command'>): Kysely<Database> {
  return new Kysely<Database>({ dialect: new ClickHouseDialect(new ClickHouseDriver(warehouse)) });
}

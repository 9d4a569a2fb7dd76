import { type CompiledQuery, DummyDriver, Kysely } from 'kysely';
import type { QueryOptions, Warehouse } from '../warehouse.ts';
import { ClickHouseDialect } from './clickhouse-dialect.ts';
import { parameterValues } from './compiled-parameters.ts';

/** Kysely without a connection: builds and compiles queries; `DB` may hold derived tables that exist in queries alone. */
export function compileOnly<DB>(): Kysely<DB> {
  return new Kysely<DB>({ dialect: new ClickHouseDialect(new DummyDriver()) });
}

/** Runs a compiled SELECT; rows as `Warehouse.query` gives them. */
export function runCompiled<Row>(
  warehouse: Pick<Warehouse, 'query'>,
  compiled: CompiledQuery<Row>,
  options?: QueryOptions,
): Promise<Row[]> {
  return warehouse.query<Row>(compiled.sql, parameterValues(compiled), options);
}

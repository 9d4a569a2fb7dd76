import type { Dialect, Driver } from 'kysely';
import { ClickHouseAdapter } from './clickhouse-adapter.ts';
import { ClickHouseIntrospector } from './clickhouse-introspector.ts';
import { ClickHouseQueryCompiler } from './clickhouse-query-compiler.ts';

/** Kysely's dialect for ClickHouse over a given driver. */
export class ClickHouseDialect implements Dialect {
  readonly #driver: Driver;

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  createDriver(): Driver {
    return this.#driver;
  }

  createQueryCompiler(): ClickHouseQueryCompiler {
    return new ClickHouseQueryCompiler();
  }

  createAdapter(): ClickHouseAdapter {
    return new ClickHouseAdapter();
  }

  createIntrospector(): ClickHouseIntrospector {
    return new ClickHouseIntrospector();
  }
}

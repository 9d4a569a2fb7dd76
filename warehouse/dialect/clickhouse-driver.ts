import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';
import type { Warehouse } from '../warehouse.ts';
import { parameterValues } from './compiled-parameters.ts';
import { UnsupportedQueryError } from './unsupported.ts';

type Target = Pick<Warehouse, 'query' | 'command'>;

function noTransactions(): never {
  throw new UnsupportedQueryError('A transaction', 'an INSERT is atomic by itself; make it repeatable with a token');
}

class ClickHouseConnection implements DatabaseConnection {
  readonly #warehouse: Target;

  constructor(warehouse: Target) {
    this.#warehouse = warehouse;
  }

  async executeQuery<Row>(compiled: CompiledQuery): Promise<QueryResult<Row>> {
    const params = parameterValues(compiled);
    if (compiled.query.kind === 'InsertQueryNode') {
      await this.#warehouse.command(compiled.sql, params);
      return { rows: [] };
    }
    return { rows: await this.#warehouse.query<Row>(compiled.sql, params) };
  }

  // biome-ignore lint/correctness/useYield: the interface asks for a generator; this one refuses.
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new UnsupportedQueryError('Streaming through Kysely', 'compile the query and use stream() of the warehouse');
  }
}

/** Kysely's driver over a warehouse. ClickHouse has neither sessions to keep nor transactions. */
export class ClickHouseDriver implements Driver {
  readonly #connection: ClickHouseConnection;

  constructor(warehouse: Target) {
    this.#connection = new ClickHouseConnection(warehouse);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}

  async beginTransaction(): Promise<void> {
    noTransactions();
  }

  async commitTransaction(): Promise<void> {
    noTransactions();
  }

  async rollbackTransaction(): Promise<void> {
    noTransactions();
  }
}

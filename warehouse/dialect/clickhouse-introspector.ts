import type { DatabaseIntrospector, DatabaseMetadata, SchemaMetadata, TableMetadata } from 'kysely';
import { UnsupportedQueryError } from './unsupported.ts';

function readSystemTables(): never {
  throw new UnsupportedQueryError("Kysely's introspection", 'describeSchema() reads system.tables');
}

/** Kysely asks every dialect for one; the schema is described by warehouse/describe-schema.ts. */
export class ClickHouseIntrospector implements DatabaseIntrospector {
  async getSchemas(): Promise<SchemaMetadata[]> {
    return readSystemTables();
  }

  async getTables(): Promise<TableMetadata[]> {
    return readSystemTables();
  }

  async getMetadata(): Promise<DatabaseMetadata> {
    return readSystemTables();
  }
}

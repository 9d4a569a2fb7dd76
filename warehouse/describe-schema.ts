import type { Warehouse } from './warehouse.ts';

/** Every table and view as the server would create it, without the database's name: the text of warehouse/schema.sql. */
export async function describeSchema(warehouse: Warehouse): Promise<string> {
  const rows = await warehouse.query<{ sql: string }>(
    `SELECT formatQuery(create_table_query) AS sql FROM system.tables
    WHERE database = currentDatabase() AND NOT is_temporary AND name NOT LIKE 'migration_lock%'
    ORDER BY name`,
  );
  const { database } = warehouse;
  return rows
    .map((row) => `${row.sql.replaceAll(`\`${database}\`.`, '').replaceAll(`${database}.`, '')};\n`)
    .join('\n');
}

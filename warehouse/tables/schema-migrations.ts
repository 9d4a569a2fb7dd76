import { column } from '../column.ts';
import { defineTable } from '../table.ts';

/** Written by the migrator before any other table exists. */
export const schemaMigrations = defineTable({
  name: 'schema_migrations',
  row: 'one migration that this database has gone through',
  columns: {
    number: column.uint32('number of the migration'),
    name: column.string('file name'),
    checksum: column.string('SHA-256 of the file, hexadecimal'),
    applied_at: column.instant('when it was applied').default("now64(3, 'UTC')"),
  },
  engine: 'ReplacingMergeTree',
  orderBy: ['number'],
});

import { loadMigrations, type Migration, MigrationError } from './migration.ts';
import { withMigrationLock } from './migration-lock.ts';
import { createTableSql } from './table.ts';
import { schemaMigrations } from './tables/schema-migrations.ts';
import type { Warehouse } from './warehouse.ts';

export interface MigrateOptions {
  /** After this time without a sign of life another process's lock counts as left behind. Default: 30. */
  lockStaleAfterSeconds?: number;
}

interface Applied {
  number: number;
  name: string;
  checksum: string;
}

function readApplied(warehouse: Warehouse): Promise<Applied[]> {
  return warehouse.query<Applied>('SELECT number, name, checksum FROM schema_migrations FINAL ORDER BY number');
}

/** What is still to do. Refuses a database that this program does not understand. */
function pendingOf(migrations: readonly Migration[], applied: readonly Applied[]): Migration[] {
  for (const done of applied) {
    const known = migrations.find((migration) => migration.number === done.number);
    if (!known) {
      throw new MigrationError(
        `The database has gone through migration ${done.name}, which this version of Throughline does not know. ` +
          'It was used by a newer version: install that one.',
      );
    }
    if (known.checksum !== done.checksum) {
      throw new MigrationError(
        `Migration ${known.name} was changed after this database had gone through it. ` +
          'Put the file back as it was, and make the change in a new migration.',
      );
    }
  }
  const numbers = new Set(applied.map((done) => done.number));
  return migrations.filter((migration) => !numbers.has(migration.number));
}

async function apply(warehouse: Warehouse, migration: Migration): Promise<void> {
  for (const statement of migration.statements) {
    await warehouse.command(statement);
  }
  const { number, name, checksum } = migration;
  await warehouse.insertRows('schema_migrations', [{ number, name, checksum }], `migration-${number}`);
}

/**
 * Brings the database's schema up to the program's; answers the names of the migrations it applied. Safe to call again
 * and from several processes at once. Throws MigrationError for an edited migration or a newer database, WarehouseError
 * when the server refuses.
 */
export async function migrate(
  warehouse: Warehouse,
  migrations: readonly Migration[] = loadMigrations(),
  options: MigrateOptions = {},
): Promise<string[]> {
  await warehouse.command(createTableSql(schemaMigrations));
  if (pendingOf(migrations, await readApplied(warehouse)).length === 0) {
    return [];
  }
  const applyPending = async () => {
    const pending = pendingOf(migrations, await readApplied(warehouse));
    for (const migration of pending) {
      await apply(warehouse, migration);
    }
    return pending.map((migration) => migration.name);
  };
  return withMigrationLock(warehouse, applyPending, options.lockStaleAfterSeconds);
}

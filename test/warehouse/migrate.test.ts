import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { migrate } from '../../warehouse/migrate.ts';
import { loadMigrations, parseMigration, splitStatements } from '../../warehouse/migration.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { emptyWarehouse } from '../support/clickhouse.ts';

const FIRST = parseMigration(
  '0001-create-shops.sql',
  'CREATE TABLE IF NOT EXISTS shops (id UInt32) ENGINE = MergeTree ORDER BY id;\nINSERT INTO shops SELECT 1;\n',
);
const SECOND = parseMigration(
  '0002-add-names.sql',
  "ALTER TABLE shops ADD COLUMN IF NOT EXISTS name String DEFAULT 'none';",
);

const folders: string[] = [];

function folderWith(files: Record<string, string>): URL {
  const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
  }
  return pathToFileURL(`${folder}/`);
}

async function recorded(warehouse: Warehouse): Promise<string[]> {
  const rows = await warehouse.query<{ name: string }>('SELECT name FROM schema_migrations FINAL ORDER BY number');
  return rows.map((row) => row.name);
}

afterAll(() => {
  for (const folder of folders) {
    rmSync(folder, { recursive: true });
  }
});

describe('migrating', () => {
  test('migrations are applied in order, once, and recorded', async () => {
    const warehouse = await emptyWarehouse();
    expect(await migrate(warehouse, [FIRST])).toEqual(['0001-create-shops.sql']);
    expect(await migrate(warehouse, [FIRST, SECOND])).toEqual(['0002-add-names.sql']);
    expect(await migrate(warehouse, [FIRST, SECOND])).toEqual([]);
    expect(await recorded(warehouse)).toEqual(['0001-create-shops.sql', '0002-add-names.sql']);
    expect(await warehouse.query('SELECT * FROM shops')).toEqual([{ id: 1, name: 'none' }]);
  });

  test('an edited migration is refused', async () => {
    const warehouse = await emptyWarehouse();
    await migrate(warehouse, [FIRST]);
    const edited = parseMigration(FIRST.name, 'CREATE TABLE IF NOT EXISTS shops (id UInt64) ENGINE = Log;');
    await expect(migrate(warehouse, [edited, SECOND])).rejects.toThrow(
      'Migration 0001-create-shops.sql was changed after this database had gone through it.',
    );
    expect(await recorded(warehouse)).toEqual(['0001-create-shops.sql']);
  });

  test('a database that is newer than the program is refused', async () => {
    const warehouse = await emptyWarehouse();
    await migrate(warehouse, [FIRST, SECOND]);
    await expect(migrate(warehouse, [FIRST])).rejects.toThrow('0002-add-names.sql, which this version of Throughline');
  });

  test('two processes at once apply each migration once', async () => {
    const warehouse = await emptyWarehouse();
    const results = await Promise.all([1, 2, 3, 4].map(() => migrate(warehouse, [FIRST, SECOND])));
    expect(results.flat().sort()).toEqual(['0001-create-shops.sql', '0002-add-names.sql']);
    expect(await warehouse.query('SELECT id FROM shops')).toEqual([{ id: 1 }]);
    expect(
      await warehouse.query(
        "SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE 'migration_lock%'",
      ),
    ).toEqual([]);
  });

  test('the lock of a process that was killed is taken over', async () => {
    const warehouse = await emptyWarehouse();
    await warehouse.command("CREATE TABLE migration_lock (beat_at DateTime) ENGINE = Memory COMMENT 'dead'");
    expect(await migrate(warehouse, [FIRST], { lockStaleAfterSeconds: 1 })).toEqual(['0001-create-shops.sql']);
  });

  test('a migration that fails half-way is run again and lets go of the lock', async () => {
    const warehouse = await emptyWarehouse();
    const broken = parseMigration(FIRST.name, 'CREATE TABLE IF NOT EXISTS a (x UInt8) ENGINE = Log;\nSELEKT 1;');
    const cured = parseMigration(FIRST.name, 'CREATE TABLE IF NOT EXISTS a (x UInt8) ENGINE = Log;\nSELECT 1;');
    await expect(migrate(warehouse, [broken])).rejects.toMatchObject({ kind: 'rejected' });
    expect(await recorded(warehouse)).toEqual([]);
    expect(await migrate(warehouse, [cured])).toEqual(['0001-create-shops.sql']);
  });
});

describe('reading migrations', () => {
  test('a statement ends with a semicolon at the end of a line, and comment lines are left out', () => {
    const text = "-- first; really;\nSELECT ';' AS a, 1;  \r\n\n  -- second\nSELECT\n  2;\nSELECT 3";
    expect(splitStatements(text)).toEqual(["SELECT ';' AS a, 1", 'SELECT\n  2', 'SELECT 3']);
  });

  test('line ends of another system do not change the checksum', () => {
    const lf = parseMigration('0001-a.sql', 'SELECT 1;\nSELECT 2;\n');
    expect(parseMigration('0001-a.sql', 'SELECT 1;\r\nSELECT 2;\r\n').checksum).toBe(lf.checksum);
    expect(parseMigration('0001-a.sql', 'SELECT 1;\nSELECT 3;\n').checksum).not.toBe(lf.checksum);
  });

  test('a gap in the numbers is refused', () => {
    const folder = folderWith({ '0001-a.sql': 'SELECT 1;', '0003-c.sql': 'SELECT 1;' });
    expect(() => loadMigrations(folder)).toThrow('Migration 0003-c.sql is out of turn: number 2 is expected there.');
  });

  test('a file name without a number is refused', () => {
    expect(() => loadMigrations(folderWith({ 'create.sql': '' }))).toThrow('must be called like 0001-create-raw.sql');
  });

  test.each([
    ['CREATE TABLE a (x UInt8) ENGINE = Log;'],
    ['CREATE MATERIALIZED VIEW v TO a AS SELECT 1 AS x;'],
    ['DROP TABLE a;'],
    ['ALTER TABLE a ADD COLUMN y UInt8;'],
    ['alter table a\n  add index i x TYPE minmax;'],
  ])('a statement that cannot be repeated is refused: %s', (statement) => {
    expect(() => parseMigration('0001-a.sql', statement)).toThrow('to be repeatable');
  });

  test.each([
    ['CREATE OR REPLACE VIEW v AS SELECT 1;'],
    ['CREATE MATERIALIZED VIEW IF NOT EXISTS v TO a AS SELECT 1 AS x;'],
    ['DROP TABLE IF EXISTS a;'],
    ['ALTER TABLE a ADD COLUMN IF NOT EXISTS y UInt8;'],
    ['ALTER TABLE a MODIFY COLUMN y UInt16;'],
  ])('a repeatable statement is taken: %s', (statement) => {
    expect(parseMigration('0001-a.sql', statement).statements).toHaveLength(1);
  });
});

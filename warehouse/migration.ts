import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/** One step of the schema: a file `NNNN-what-it-does.sql` of warehouse/migrations. */
export interface Migration {
  number: number;
  name: string;
  statements: readonly string[];
  /** SHA-256 of the file's text. */
  checksum: string;
}

/** A migration that cannot be applied, with what to do about it. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

const FOLDER = new URL('./migrations/', import.meta.url);
const FILE_NAME = /^(\d{4})-[a-z0-9-]+\.sql$/;

/** A migration that was cut off half-way is run again from its start, so its wording must allow that. */
const MUST_MATCH: readonly (readonly [when: RegExp, wording: RegExp])[] = [
  [/^CREATE\b/i, /^CREATE\s+(?:OR\s+REPLACE\s|(?:\w+\s+){1,3}?IF\s+NOT\s+EXISTS\b)/i],
  [/^DROP\b/i, /^DROP\s+\w+\s+IF\s+EXISTS\b/i],
  [/^ALTER\b.*\bADD\s+(?:COLUMN|INDEX|PROJECTION)\b/is, /\bADD\s+\w+\s+IF\s+NOT\s+EXISTS\b/i],
];

/**
 * The statements of a migration file. A statement ends with `;` at the end of a line; lines that begin with `--` are
 * comments.
 */
export function splitStatements(sql: string): string[] {
  return sql
    .split(/\r?\n/)
    .filter((line) => !/^\s*--/.test(line))
    .join('\n')
    .split(/;[ \t]*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

function checkRepeatable(name: string, statement: string): void {
  if (MUST_MATCH.some(([when, wording]) => when.test(statement) && !wording.test(statement))) {
    const start = statement.replace(/\s+/g, ' ').slice(0, 60);
    throw new MigrationError(`Migration ${name}: "${start}…" must say IF NOT EXISTS or IF EXISTS, to be repeatable.`);
  }
}

/** Reads a migration from its file name and text. Throws MigrationError when either is not as it must be. */
export function parseMigration(name: string, text: string): Migration {
  const number = FILE_NAME.exec(name)?.[1];
  if (number === undefined) {
    throw new MigrationError(`Migration ${name} must be called like 0001-create-raw.sql.`);
  }
  const sql = text.replace(/\r\n/g, '\n').trim();
  const statements = splitStatements(sql);
  for (const statement of statements) {
    checkRepeatable(name, statement);
  }
  return { number: Number(number), name, statements, checksum: createHash('sha256').update(sql).digest('hex') };
}

/** All migrations of the program, in order. */
export function loadMigrations(folder: URL = FOLDER): Migration[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  const migrations = names.map((name) => parseMigration(name, readFileSync(new URL(name, folder), 'utf8')));
  for (const [index, migration] of migrations.entries()) {
    if (migration.number !== index + 1) {
      throw new MigrationError(`Migration ${migration.name} is out of turn: number ${index + 1} is expected there.`);
    }
  }
  return migrations;
}

import type { Insertable, Selectable } from 'kysely';
import type { Column } from './column.ts';
import { quoteIdentifier, quoteText } from './quote.ts';

type Columns = Readonly<Record<string, Column<unknown, unknown>>>;

export interface TableDefinition<C extends Columns = Columns> {
  name: string;
  /** What one row is, completing "a row is …". */
  row: string;
  columns: C;
  /** Engine with its arguments, for example `ReplacingMergeTree(run_no, is_deleted)`. */
  engine: string;
  partitionBy?: string;
  orderBy: readonly string[];
  /** Defaults to `orderBy`. */
  primaryKey?: readonly string[];
  /** Whole index definitions, for example `by_phone phone_hash TYPE bloom_filter GRANULARITY 4`. */
  indexes?: readonly string[];
  ttl?: string;
  settings?: Readonly<Record<string, number | string>>;
}

/** Keys must name columns of the table itself; kept apart, because `keyof C` would make TableDefinition invariant. */
interface KeysOf<C extends Columns> {
  orderBy: readonly (keyof C & string)[];
  primaryKey?: readonly (keyof C & string)[];
}

/** Column types of one table as Kysely wants them. */
export type TypesOf<T extends TableDefinition> = { [K in keyof T['columns']]: T['columns'][K]['kyselyType'] };

/** A row as a query of the table answers it. */
export type RowOf<T extends TableDefinition> = Selectable<TypesOf<T>>;

/** A row to insert; columns with a default may be left out. */
export type NewRowOf<T extends TableDefinition> = Insertable<TypesOf<T>>;

/** Kysely's database type of a list of tables. */
export type DatabaseOf<Tables extends Readonly<Record<string, TableDefinition>>> = {
  [K in keyof Tables]: TypesOf<Tables[K]>;
};

/** Declares a table: the one place its row type, its DDL and its documentation come from. */
export function defineTable<const C extends Columns>(definition: TableDefinition<C> & KeysOf<C>): TableDefinition<C> {
  return definition;
}

function columnSql(name: string, column: Column<unknown, unknown>): string {
  const parts = [
    quoteIdentifier(name),
    column.type,
    column.defaultSql === undefined ? '' : `DEFAULT ${column.defaultSql}`,
    `COMMENT ${quoteText(column.description)}`,
    column.codecSql === undefined ? '' : `CODEC(${column.codecSql})`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function settingsSql(settings: Readonly<Record<string, number | string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${typeof value === 'number' ? value : quoteText(value)}`)
    .join(', ');
}

function keySql(columns: readonly string[]): string {
  return `(${columns.map(quoteIdentifier).join(', ')})`;
}

/** The CREATE TABLE statement of a table; repeatable, as every statement of a migration must be. */
export function createTableSql(table: TableDefinition): string {
  const body = [
    ...Object.entries(table.columns).map(([name, column]) => columnSql(name, column)),
    ...(table.indexes ?? []).map((index) => `INDEX ${index}`),
  ];
  const clauses = [
    `CREATE TABLE IF NOT EXISTS ${quoteIdentifier(table.name)}`,
    `(\n  ${body.join(',\n  ')}\n)`,
    `ENGINE = ${table.engine}`,
    table.partitionBy === undefined ? '' : `PARTITION BY ${table.partitionBy}`,
    table.primaryKey === undefined ? '' : `PRIMARY KEY ${keySql(table.primaryKey)}`,
    `ORDER BY ${keySql(table.orderBy)}`,
    table.ttl === undefined ? '' : `TTL ${table.ttl}`,
    table.settings === undefined ? '' : `SETTINGS ${settingsSql(table.settings)}`,
    `COMMENT ${quoteText(table.row)}`,
  ];
  return clauses.filter((clause) => clause !== '').join('\n');
}

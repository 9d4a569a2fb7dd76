import type { Readable } from 'node:stream';
import type { Kysely } from 'kysely';
import type { Database } from './tables/index.ts';

/** What a query parameter `{name:Type}` can carry. A record is a Map(String, String). */
export type ParamValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly ParamValue[]
  | Readonly<Record<string, string>>;

export type Params = Readonly<Record<string, ParamValue>>;

export interface QueryOptions {
  /** ClickHouse settings of this query alone. */
  settings?: Readonly<Record<string, string | number | boolean>>;
  /** Ends the query after this time; the error's kind is `timeout`. Default: the connection's. */
  timeoutMs?: number;
  queryId?: string;
}

export type StreamFormat =
  | 'ArrowStream'
  | 'CSVWithNames'
  | 'JSONEachRow'
  | 'JSONCompactEachRow'
  | 'Parquet'
  | 'TabSeparatedWithNames'
  | 'Native';

/**
 * A connection to one ClickHouse database. Every method throws WarehouseError and nothing else; whether to try again is
 * the caller's decision.
 */
export interface Warehouse {
  readonly database: string;
  readonly db: Kysely<Database>;
  /**
   * Rows of a SELECT; one parameter may be 128 KiB long. 64-bit integers and decimals are strings, instants `YYYY-MM-DD hh:mm:ss.SSS` in UTC.
   */
  query<Row>(sql: string, params?: Params, options?: QueryOptions): Promise<Row[]>;
  /** A statement without an answer: DDL, INSERT … SELECT. */
  command(sql: string, params?: Params, options?: QueryOptions): Promise<void>;
  /** The bytes of an answer in a format. An error of the query is thrown here, never in the middle of the stream. */
  stream(sql: string, params: Params, format: StreamFormat, options?: QueryOptions): Promise<Readable>;
  /**
   * Inserts JSONEachRow lines as one block: all or nothing, and nothing new when the token was used before. An unknown
   * field is an error. When `lines` itself fails, nothing is inserted and its own error is thrown.
   */
  insertLines(table: string, lines: Readable, token: string): Promise<void>;
  insertRows(table: string, rows: readonly object[], token?: string): Promise<void>;
  /** Whether the server answers and accepts the user. */
  ping(): Promise<boolean>;
  close(): Promise<void>;
}

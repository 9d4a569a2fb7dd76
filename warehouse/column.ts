import type { ColumnType } from 'kysely';

/**
 * One column: its ClickHouse type, what it means, and the TypeScript types of a value read (`Read`) and written
 * (`Write`). 64-bit integers and decimals are strings in TypeScript, so that no digit passes through a float.
 */
export class Column<Read, Write = Read> {
  /** Phantom: carries the types for `RowOf` and `DatabaseOf`; never set. */
  declare readonly kyselyType: ColumnType<Read, Write, never>;
  readonly type: string;
  readonly description: string;
  readonly defaultSql: string | undefined;
  readonly codecSql: string | undefined;

  constructor(type: string, description: string, defaultSql?: string, codecSql?: string) {
    this.type = type;
    this.description = description;
    this.defaultSql = defaultSql;
    this.codecSql = codecSql;
  }

  /** Allows NULL: "not known", as opposed to an empty or a zero value. */
  nullable(): Column<Read | null, Write | null> {
    const inner = /^LowCardinality\((.*)\)$/.exec(this.type)?.[1];
    const type = inner === undefined ? `Nullable(${this.type})` : `LowCardinality(Nullable(${inner}))`;
    return new Column(type, this.description, this.defaultSql, this.codecSql);
  }

  /** A value, as an SQL expression, for rows that do not carry the column. */
  default(sql: string): Column<Read, Write | undefined> {
    return new Column(this.type, this.description, sql, this.codecSql);
  }

  /** Compression, for example `Delta, ZSTD(1)`. */
  codec(sql: string): Column<Read, Write> {
    return new Column(this.type, this.description, this.defaultSql, sql);
  }
}

function kind<Read>(type: string): (description: string) => Column<Read> {
  return (description) => new Column<Read>(type, description);
}

/** The column kinds. Each takes a description, which becomes the column's comment in the database. */
export const column = {
  string: kind<string>('String'),
  /** A string with few distinct values: a name, a status, a code. */
  name: kind<string>('LowCardinality(String)'),
  uuid: kind<string>('UUID'),
  uint8: kind<number>('UInt8'),
  uint16: kind<number>('UInt16'),
  uint32: kind<number>('UInt32'),
  /** Digits in a string. */
  uint64: kind<string>('UInt64'),
  /** Digits in a string. */
  int64: kind<string>('Int64'),
  float64: kind<number>('Float64'),
  flag: kind<boolean>('Bool'),
  /** `YYYY-MM-DD`. */
  date: kind<string>('Date'),
  /** UTC, `YYYY-MM-DD hh:mm:ss.SSS`. */
  instant: kind<string>("DateTime64(3, 'UTC')"),
  /** An instant of which an AggregatingMergeTree keeps the earliest. */
  simpleMin: kind<string>("SimpleAggregateFunction(min, DateTime64(3, 'UTC'))"),
  /** Decimal digits in a string, major units; its currency stands in a column beside it. */
  money: kind<string>('Decimal(18, 6)'),
  strings: kind<readonly string[]>('Array(String)'),
  uints32: kind<readonly number[]>('Array(UInt32)'),
  map: kind<Readonly<Record<string, string>>>('Map(String, String)'),
};

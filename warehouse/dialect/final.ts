import { type AliasedExpression, type Selectable, sql } from 'kysely';

/**
 * A table read with FINAL, that is with one row per key: the newest version. ClickHouse wants the word after the alias,
 * where Kysely has no place for it: `db.selectFrom(final<Database>()('visits', 'v'))`.
 */
export function final<DB>() {
  return <T extends keyof DB & string, A extends string>(table: T, alias: A): AliasedExpression<Selectable<DB[T]>, A> =>
    sql<Selectable<DB[T]>>`${sql.table(table)}`.as<A>(sql`${sql.ref(alias)} FINAL`);
}

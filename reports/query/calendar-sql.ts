import { sql } from 'kysely';
import type { Granularity } from '../contract.ts';
import type { Sql } from '../registry/fact.ts';

const starts: Readonly<Record<Granularity, (day: Sql) => Sql>> = {
  day: (day) => day,
  week: (day) => sql`toStartOfWeek(${day}, 1)`,
  month: (day) => sql`toStartOfMonth(${day})`,
  quarter: (day) => sql`toStartOfQuarter(${day})`,
  year: (day) => sql`toStartOfYear(${day})`,
};

/** First day of the bucket that a day lies in. Weeks start on Monday. */
export const bucketSql = (granularity: Granularity, day: Sql): Sql => starts[granularity](day);

export const localDaySql = (instant: Sql, timezone: string): Sql => sql`toDate(${instant}, ${timezone})`;

export const weekdaySql = (day: Sql): Sql => sql`toString(toDayOfWeek(${day}))`;

export const hourSql = (instant: Sql, timezone: string): Sql => sql`toString(toHour(${instant}, ${timezone}))`;

import { sql } from 'kysely';
import type { Sql } from '../fact.ts';

/** A Decimal(18, 6) column as a whole number of millionths: the digits as they are stored, no arithmetic. */
export const micros = (column: string): Sql => sql`reinterpretAsInt64(${sql.raw(column)})`;

import { sql } from 'kysely';
import type { Sql } from '../fact.ts';

/** A Decimal(18, 6) column as a whole number of millionths: the digits as they are stored, no arithmetic. */
export const micros = (column: string): Sql => sql`toInt128(reinterpretAsInt64(${sql.raw(column)}))`;

/**
 * A cost of a deal in the project's currency, millionths. A deal in another currency carries its rate as amount_base ÷ amount;
 * unknown costs are 0.
 */
export function dealCostMicros(column: string, currency: string): Sql {
  const cost = sql`toInt128(reinterpretAsInt64(ifNull(${sql.raw(column)}, toDecimal64(0, 6))))`;
  const amount = micros('d.amount');
  return sql`if(d.currency = ${currency} OR d.amount = 0, ${cost}, intDiv(${cost} * ${micros('d.amount_base')}, if(d.amount = 0, 1, ${amount})))`;
}

import type { CompiledQuery } from 'kysely';
import type { ParamValue } from '../warehouse.ts';
import { inferTyped, type TypedValue } from './typed-value.ts';

/** A query ready to be sent: its text and the values of its `{name:Type}` places. */
export interface SqlWithParams {
  sql: string;
  params: Record<string, { type: string; value: ParamValue }>;
}

/** The compiler numbers its placeholders `p1`, `p2`, … in the order of the parameters. */
function named(compiled: CompiledQuery): [string, TypedValue][] {
  return compiled.parameters.map((parameter, index) => [`p${index + 1}`, inferTyped(parameter)]);
}

/** The query's text and its typed parameters. */
export function toSqlWithParams(compiled: CompiledQuery): SqlWithParams {
  const params = named(compiled).map(([name, { type, value }]) => [name, { type, value }] as const);
  return { sql: compiled.sql, params: Object.fromEntries(params) };
}

/** The values alone, as the warehouse's methods take them beside the text. */
export function parameterValues(compiled: CompiledQuery): Record<string, ParamValue> {
  return Object.fromEntries(named(compiled).map(([name, { value }]) => [name, value]));
}

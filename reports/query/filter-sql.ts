import { sql } from 'kysely';
import { typed } from '../../warehouse/dialect/typed-value.ts';
import type { Condition, Filter } from '../contract.ts';
import type { Dimension } from '../registry/dimension.ts';
import type { Sql } from '../registry/fact.ts';
import { dimensionOf } from './parse.ts';

/** The value of a dimension, a text that is empty when there is none, in whatever rows the filter is put on. */
export type ValueOf = (dimension: Dimension) => Sql;

const orderOps: Readonly<Record<string, Sql>> = { gt: sql`>`, gte: sql`>=`, lt: sql`<`, lte: sql`<=` };

const text = (value: unknown): Sql => typed(String(value), 'String');

function orderSql(condition: Condition, dimension: Dimension, value: Sql): Sql {
  const op = orderOps[condition.op] ?? sql`=`;
  if (dimension.type === 'string') return sql`(${value} != '' AND ${value} ${op} ${text(condition.value)})`;
  return sql`ifNull(toFloat64OrNull(${value}) ${op} toFloat64OrNull(${text(condition.value)}), 0)`;
}

function conditionSql(condition: Condition, readValue: ValueOf): Sql {
  const dimension = dimensionOf(condition.field);
  const value = sql`toString(${readValue(dimension)})`;
  switch (condition.op) {
    case 'eq':
      return sql`(${value} = ${text(condition.value)})`;
    case 'ne':
      return sql`(${value} != ${text(condition.value)})`;
    case 'in':
      return sql`has(${texts(condition)}, ${value})`;
    case 'not_in':
      return sql`NOT has(${texts(condition)}, ${value})`;
    case 'contains':
      return sql`(position(lowerUTF8(${value}), lowerUTF8(${text(condition.value)})) > 0)`;
    case 'starts_with':
      return sql`startsWith(lowerUTF8(${value}), lowerUTF8(${text(condition.value)}))`;
    case 'matches':
      return sql`(${value} != '' AND match(${value}, ${text(condition.value)}))`;
    case 'is_null':
      return condition.value === false ? sql`(${value} != '')` : sql`(${value} = '')`;
    default:
      return orderSql(condition, dimension, value);
  }
}

function texts(condition: Condition): Sql {
  const values = Array.isArray(condition.value) ? condition.value.map(String) : [];
  return typed(values, 'Array(String)');
}

function filterSql(filter: Filter, readValue: ValueOf): Sql {
  if ('or' in filter)
    return sql`(${sql.join(
      filter.or.map((member) => filterSql(member, readValue)),
      sql` OR `,
    )})`;
  if ('and' in filter)
    return sql`(${sql.join(
      filter.and.map((member) => filterSql(member, readValue)),
      sql` AND `,
    )})`;
  return conditionSql(filter, readValue);
}

/** All the filters as one condition. */
export function whereSql(filters: readonly Filter[], readValue: ValueOf): Sql {
  if (filters.length === 0) return sql`1`;
  return sql.join(
    filters.map((filter) => filterSql(filter, readValue)),
    sql` AND `,
  );
}

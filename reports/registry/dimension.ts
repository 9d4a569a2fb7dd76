import { sql } from 'kysely';
import { type Fact, isCredited, type Sql } from './fact.ts';
import type { Text } from './unit.ts';

/**
 * What a report can be split by: where its value stands in each fact. Inside SQL a missing value is the empty text; answers say null.
 */
export interface Dimension {
  readonly name: string;
  readonly type: 'string' | 'number';
  readonly label: Text;
  readonly description: Text;
  /** Value as a text, in a row of the fact itself (aliases of the tables: see `Fact`). */
  readonly own: Partial<Readonly<Record<Fact, Sql>>>;
  /** Value in a row of deal_touches `t`: the dimension of a credited fact then comes from the touch that gets the credit. */
  readonly touch?: Sql;
  /** Value for a path without a touch in the window. */
  readonly withoutTouch?: string;
  /** Taken from the instant that places a row in the period. */
  readonly time?: 'weekday' | 'hour';
  /** Facts beside deals whose rows have it only through their deal `d`. */
  readonly throughDeal?: readonly ('leads' | 'payments')[];
  /** The SQL uses `n`, the newest names of campaigns. */
  readonly usesCampaignNames?: true;
}

/** Whether rows of the fact have the dimension at all. */
export function livesIn(dimension: Dimension, fact: Fact): boolean {
  if (dimension.own[fact] !== undefined) return true;
  if (dimension.time !== undefined) return fact !== 'costs' || dimension.time === 'weekday';
  return isCredited(fact) && dimension.touch !== undefined;
}

type Words = Pick<Dimension, 'label' | 'description'>;

/** A column that visits and touches share, and costs or events of people who refused too when they carry it. */
export function touchColumn(column: string, words: Words, options: { costs: boolean; anonymous?: true }): Dimension {
  const visits = sql.raw(`v.${column}`);
  const anonymous = options.anonymous === true ? { anonymous: sql.raw(`a.${column}`) } : {};
  return {
    name: column,
    type: 'string',
    ...words,
    own: options.costs ? { visits, costs: sql.raw(`c.${column}`), ...anonymous } : { visits, ...anonymous },
    touch: sql.raw(`t.${column}`),
  };
}

/** A property of the deal, and so of its payments and of the request it came of: how each manager turns requests into sales. */
export function dealValue(name: string, value: Sql, words: Words): Dimension {
  return {
    name,
    type: 'string',
    ...words,
    own: { leads: value, deals: value, payments: value, cohort: value },
    throughDeal: ['leads', 'payments'],
  };
}

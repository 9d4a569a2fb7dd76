import { wellFormed } from './quote.ts';

/** JSON escapes a lone surrogate, which ClickHouse refuses; a backslash before `ud` is the only trace of one. */
const MAYBE_LONE_SURROGATE = /\\ud[89a-f]/;

function replacer(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

function deepWellFormed(value: unknown): unknown {
  if (typeof value === 'string') {
    return wellFormed(value);
  }
  if (Array.isArray(value)) {
    return value.map(deepWellFormed);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [wellFormed(key), deepWellFormed(item)]));
  }
  return value;
}

/** One row as a line of JSONEachRow, with its line feed. Big integers become digits in a string; lone surrogates U+FFFD. */
export function jsonLine(row: object): string {
  const line = JSON.stringify(row, replacer);
  return `${MAYBE_LONE_SURROGATE.test(line) ? JSON.stringify(deepWellFormed(row), replacer) : line}\n`;
}

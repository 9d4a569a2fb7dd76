import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import type { Value } from '../../../reports/contract.ts';
import { toCsv } from '../../../reports/formats/csv.ts';

const columns = [
  { name: 'campaign', kind: 'dimension', type: 'string' },
  { name: 'profit', kind: 'metric', type: 'number', unit: 'money' },
] as const;

/** The file of one row, as a program reads it. */
function written(campaign: Value, profit: Value): readonly [string, string] {
  const text = toCsv({ columns, rows: [{ campaign, profit }] });
  const [, row]: string[][] = parse(text);
  return [row?.[0] ?? '', row?.[1] ?? ''];
}

describe('a cell', () => {
  test.each(['=1+1', '+7 900', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '＋1', '－1', '＠x'])(
    'of text that begins like a formula gets an apostrophe: %j',
    (text) => {
      expect(written(text, 0)[0]).toBe(`'${text}`);
    },
  );

  test.each(['brand', 'a=b', '1-2', 'x;=1+1', '"=1+1"', "'=1", ' =1', ''])(
    'of other text stays as it is: %j',
    (text) => {
      expect(written(text, 0)[0]).toBe(text);
    },
  );

  test('of a negative number stays a number', () => {
    expect(written('brand', -12.5)[1]).toBe('-12.5');
  });

  test('of an unknown value is empty', () => {
    expect(written(null, null)).toEqual(['', '']);
  });
});

import { ClickHouseError } from '@clickhouse/client';
import { describe, expect, test } from 'vitest';
import { describeError } from '../../warehouse/describe-error.ts';
import { isFaultOfData, WarehouseError } from '../../warehouse/warehouse-error.ts';

const context = { address: 'here', params: {}, isEmbedded: false };
const told = (code: number, message = 'no'): WarehouseError =>
  describeError(new ClickHouseError({ code: String(code), message, type: 'ERROR' }), context);

describe('a row is to blame', () => {
  test.each([
    ['a text that is no number, date, UUID…', [6, 25, 26, 27, 38, 41, 72, 130, 376, 441, 467, 563, 632, 675, 676, 691]],
    ['a value that its column cannot hold', [69, 70, 117, 128, 131, 321, 349, 407, 469]],
    ['a value that cannot be computed', [153, 190, 395]],
  ])('for %s', (_what, codes) => {
    expect(codes.filter((code) => !isFaultOfData(told(code)))).toEqual([]);
  });

  test('for a line that breaks off, not for a file of the server that does', () => {
    for (const code of [32, 33]) {
      expect(isFaultOfData(told(code, 'Cannot parse input: (at row 2)'))).toBe(true);
      expect(isFaultOfData(told(code, 'Cannot read all data. Bytes read: 12. While reading part all_1_1_0'))).toBe(
        false,
      );
    }
  });
});

describe('no row is to blame', () => {
  test.each([
    ['files and disks', [3, 23, 24, 74, 75, 76, 88, 107, 226, 243, 246, 499, 740]],
    ['the network', [95, 101, 209, 210, 279, 319, 425, 1000]],
    ['load and memory', [159, 160, 173, 202, 241, 252, 439]],
    ['a server that may not write now', [164, 225, 236, 242, 285, 394, 473, 774, 999]],
    ['its own mistakes', [49, 1001, 1002]],
    ['our SQL and schema', [10, 16, 36, 42, 43, 46, 47, 53, 60, 62, 81, 457]],
    ['who may do what', [192, 193, 497, 516]],
    ['what nobody has heard of', [31_337]],
  ])('for trouble with %s', (_what, codes) => {
    expect(codes.filter((code) => isFaultOfData(told(code)))).toEqual([]);
  });

  test('for an error that is none of ClickHouse', () => {
    expect(isFaultOfData(new WarehouseError('away', { kind: 'unreachable' }))).toBe(false);
    expect(isFaultOfData(new Error('a bug'))).toBe(false);
  });
});

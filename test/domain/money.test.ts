import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  amountFromMicros,
  amountSchema,
  computedAmountSchema,
  currencySchema,
  negate,
  readCurrency,
  readPrintedAmount,
} from '../../domain/money.ts';

test('an amount is taken digit by digit, from a number or a text', () => {
  for (const [given, read] of [
    [1990, '1990'],
    [0.1, '0.1'],
    [1990.5, '1990.5'],
    [-1530.55, '-1530.55'],
    ['1990.50', '1990.50'],
    [' 0.000001 ', '0.000001'],
    ['1 530,55', '1530.55'],
    ['-12\u00a0000,5', '-12000.5'],
    ['1 000', '1000'],
    [9_999_999_999.99, '9999999999.99'],
    ['10,333333', '10.333333'],
    ['10,3333', '10.3333'],
    ['0,1234', '0.1234'],
    ['-0,123', '-0.123'],
    ['1 234,567891', '1234.567891'],
    ['1 234,567', '1234.567'],
    ['1234,567', '1234.567'],
  ] as const) {
    expect(amountSchema.parse(given)).toBe(read);
  }
});

test('what is no amount is refused', () => {
  for (const given of [
    '',
    '1,530',
    '-123,456',
    '00,123',
    '1,3333333',
    '1,5,5',
    '10 00',
    '1e5',
    1e21,
    1e-7,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '0x10',
    '1.1234567',
    '12345678901',
    null,
    true,
  ]) {
    expect(amountSchema.safeParse(given).success, String(given)).toBe(false);
  }
});

test('an amount that is too large is told so, with the limit', () => {
  const wordsOf = (given: unknown) => amountSchema.safeParse(given).error?.issues[0]?.message;
  for (const given of ['12345678901', '-10 000 000 000,50', '10000000000.00', 1e10, -1e21, 1.5e300])
    expect([given, wordsOf(given)]).toEqual([
      given,
      'the amount is too large: at most 9999999999.99, ten digits before the point',
    ]);
  for (const given of ['1.1234567', '1e5', '', 'a lot', '1,530,000,000,000'])
    expect([given, wordsOf(given)]).toEqual([given, expect.stringContaining('expected an amount such as')]);
});

test('three digits after a comma are told to be ambiguous, with the cure', () => {
  for (const given of ['1,530', '-123,456'])
    expect(amountSchema.safeParse(given).error?.issues[0]?.message).toMatch(
      /thousands or thousandths: write 1,530 as 1530 or 1.530/,
    );
});

test('kopecks survive the way through a number', () => {
  fc.assert(
    fc.property(fc.integer({ min: -99_999_999_999, max: 99_999_999_999 }), (kopecks) => {
      const amount = amountSchema.parse(kopecks / 100);
      expect(BigInt(toKopecks(amount))).toBe(BigInt(kopecks));
    }),
    { seed: 1, numRuns: 1000 },
  );
});

function toKopecks(amount: string): string {
  const [whole = '', fraction = ''] = amount.split('.');
  return `${whole}${fraction.padEnd(2, '0')}`;
}

test('an amount that a script computed is rounded to millionths on its digits, half away from zero', () => {
  for (const [given, read] of [
    [3 * 1.1, '3.3'],
    [0.1 + 0.2, '0.3'],
    [19.99 * 3, '59.97'],
    [1000 / 3, '333.333333'],
    [-2000 / 3, '-666.666667'],
    [1990, '1990'],
    [0.123456, '0.123456'],
    [0.1234565, '0.123457'],
    [-0.1234565, '-0.123457'],
    [0.12345649999, '0.123456'],
    [999.9999995, '1000'],
    [1e-7, '0'],
    [-4.9e-7, '0'],
    [5e-7, '0.000001'],
    [Number.MIN_VALUE, '0'],
    [-0, '0'],
    [' 3.3000000000000003 ', '3.3'],
    ['1 530,55', '1530.55'],
  ] as const) {
    expect(computedAmountSchema.parse(given)).toBe(read);
  }
  for (const given of ['9999999999.9999999', 1e10, 1e21, '1e-7', '1,990.00', '', 'x', Number.NaN, null, true]) {
    expect(computedAmountSchema.safeParse(given).success, String(given)).toBe(false);
  }
});

test('an amount that a script computed is off by no more than half a millionth, for any number', () => {
  const picos = (text: string) => {
    const [, sign, whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
    return BigInt(`${sign}${whole}${fraction.slice(0, 12).padEnd(12, '0')}`);
  };
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (value) => {
      const off = picos(computedAmountSchema.parse(value)) - picos(value.toFixed(20));
      expect(off >= -500_100n && off <= 500_100n).toBe(true);
    }),
    { seed: 1, numRuns: 1000 },
  );
});

test('amounts are read as accounting systems print them', () => {
  for (const [printed, read] of [
    ['23 000', '23000'],
    ['1 110,72', '1110.72'],
    ['1\u00a0110,72', '1110.72'],
    ['1\u202f110,72', '1110.72'],
    ['15490.0000', '15490'],
    ['-5,50', '-5.5'],
    ['007', '7'],
    ['0', '0'],
    ['0,05', '0.05'],
    ['5.', '5'],
  ] as const) {
    expect(readPrintedAmount(printed)).toBe(read);
  }
  for (const printed of ['', 'x', '1.2.3', '1,110.72', '--5', '.5', '-'])
    expect(readPrintedAmount(printed)).toBeUndefined();
});

test('millionths become units', () => {
  for (const [micros, amount] of [
    [1_530_550_000n, '1530.55'],
    [0n, '0'],
    [1n, '0.000001'],
    [-1n, '-0.000001'],
    [-2_000_000n, '-2'],
  ] as const) {
    expect(amountFromMicros(micros)).toBe(amount);
  }
});

test('the opposite of the opposite is the same and zero has no sign', () => {
  expect(['5', '-5', '0', '-0.00', '0.10'].map(negate)).toEqual(['-5', '5', '0', '0', '-0.10']);
});

test('currencies are read as 1C and CRMs spell them', () => {
  for (const [text, code] of [
    ['руб', 'RUB'],
    ['руб.', 'RUB'],
    ['RUR', 'RUB'],
    ['643', 'RUB'],
    ['₽', 'RUB'],
    [' usd ', 'USD'],
    ['978', 'EUR'],
  ] as const) {
    expect(readCurrency(text)).toBe(code);
  }
  for (const text of ['', 'рублей', '999', 'US']) expect(readCurrency(text)).toBeUndefined();
  expect(currencySchema.safeParse('x').success).toBe(false);
});

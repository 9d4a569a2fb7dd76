import type { Unit } from '../registry/unit.ts';

/** An exact value: `of / per`. `per` is never 0. */
export interface Exact {
  readonly of: bigint;
  readonly per: bigint;
}

export const zero: Exact = { of: 0n, per: 1n };

export function add(left: Exact, right: Exact, sign: 1 | -1): Exact {
  const signed = sign === 1 ? right.of : -right.of;
  if (left.per === right.per) return { of: left.of + signed, per: left.per };
  return { of: left.of * right.per + signed * left.per, per: left.per * right.per };
}

/** Null when the divisor is 0. */
export function divide(left: Exact, right: Exact): Exact | null {
  if (right.of === 0n) return null;
  const of = left.of * right.per;
  const per = left.per * right.of;
  return per < 0n ? { of: -of, per: -per } : { of, per };
}

/** To the nearest whole number of `1 / parts`, halves away from zero. */
export function roundTo({ of, per }: Exact, parts: bigint): bigint {
  const doubled = of * parts * 2n;
  const half = of < 0n ? -per : per;
  return (doubled + half) / (per * 2n);
}

/** Whole numbers nearer to zero than this are the same number in JSON. */
const exactBelow = 2n ** 53n;

/** Digits kept after the point: kopecks of money, billionths of counts; the rest as near as a number in JSON can be. */
const digits: Readonly<Record<Unit, number>> = { money: 2, count: 9, ratio: 12, days: 9, number: 9 };

/**
 * The number to show. Rounded on whole numbers first, and then read from its decimal text, so that it is the same in every
 * format and on every machine.
 */
export function toNumber(value: Exact, unit: Unit): number {
  if (value.of === 0n) return 0;
  if (value.per === 1n && value.of > -exactBelow && value.of < exactBelow) return Number(value.of);
  const places = digits[unit];
  const rounded = roundTo(value, 10n ** BigInt(places));
  const sign = rounded < 0n ? '-' : '';
  const text = (rounded < 0n ? -rounded : rounded).toString().padStart(places + 1, '0');
  return Number(`${sign}${text.slice(0, -places)}.${text.slice(-places)}`);
}

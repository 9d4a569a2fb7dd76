import type { Amount } from './money.ts';

/** Millionths in one: amounts have at most 6 digits after the point, so arithmetic on whole millionths is exact. */
export const micros = 1_000_000n;

/** The way back is `amountFromMicros`. */
export function toMicros(amount: Amount): bigint {
  const [whole = '0', fraction = ''] = amount.replace('-', '').split('.');
  const value = BigInt(whole) * micros + BigInt(fraction.padEnd(6, '0'));
  return amount.startsWith('-') ? -value : value;
}

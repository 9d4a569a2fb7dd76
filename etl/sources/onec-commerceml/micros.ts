import type { Amount } from '../../../domain/money.ts';

/** Millionths in one: amounts have at most 6 digits after the point, so arithmetic on whole millionths is exact. */
export const micros = 1_000_000n;

export function toMicros(amount: Amount): bigint {
  const [whole = '0', fraction = ''] = amount.replace('-', '').split('.');
  const value = BigInt(whole) * micros + BigInt(fraction.padEnd(6, '0'));
  return amount.startsWith('-') ? -value : value;
}

export function fromMicros(value: bigint): Amount {
  const digits = (value < 0n ? -value : value).toString().padStart(7, '0');
  const fraction = digits.slice(-6).replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -6)}${fraction === '' ? '' : `.${fraction}`}`;
}

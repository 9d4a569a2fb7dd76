import type { CostRow } from '../model.ts';

/** Percent of Russian VAT on a day: 20 up to the end of 2025, 22 since. */
export const vatPercent = (date: string): bigint => (date < '2026-01-01' ? 20n : 22n);

/** Hundredths of a kopeck with VAT: whole per cents of whole kopecks, so that nothing is rounded. */
export function grossOf(cost: bigint, vat: CostRow['vat'], date: string): bigint {
  return cost * (vat === 'excluded' ? 100n + vatPercent(date) : 100n);
}

/** Kopecks without VAT, half a kopeck up, as an ad platform reports them. */
export function netOf(cost: bigint, vat: CostRow['vat'], date: string): bigint {
  if (vat !== 'included') return cost;
  return divideHalfUp(cost * 100n, 100n + vatPercent(date));
}

const divideHalfUp = (value: bigint, divisor: bigint): bigint => (2n * value + divisor) / (2n * divisor);

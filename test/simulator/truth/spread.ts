import type { CostRow } from '../model.ts';
import { type DayNumber, dayFromDate } from './local-day.ts';

export interface DayOfCost {
  readonly day: DayNumber;
  readonly cost: bigint;
  readonly impressions: bigint;
  readonly clicks: bigint;
}

/** A cost of a range of days, day by day: evenly, what cannot be divided to the first days. */
export function spreadByDay(row: CostRow): DayOfCost[] {
  const first = dayFromDate(row.date);
  const count = dayFromDate(row.toDate) - first + 1;
  const costs = evenly(row.cost, count);
  const impressions = evenly(BigInt(row.impressions), count);
  const clicks = evenly(BigInt(row.clicks), count);
  return costs.map((cost, index) => ({
    day: first + index,
    cost,
    impressions: impressions[index] ?? 0n,
    clicks: clicks[index] ?? 0n,
  }));
}

function evenly(total: bigint, count: number): bigint[] {
  const share = total / BigInt(count);
  const left = Number(total % BigInt(count));
  return Array.from({ length: count }, (_, index) => (index < left ? share + 1n : share));
}

const hourMs = 60 * 60 * 1000;
const keptMs = 48 * hourMs;

/** Visits that a pool had no number for, by pool and by the beginning of the hour in milliseconds. */
export type ShortageCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;

export function withShortage(counts: ShortageCounts, pool: string, nowMs: number): ShortageCounts {
  const hour = String(Math.floor(nowMs / hourMs) * hourMs);
  const hours = Object.entries(counts[pool] ?? {}).filter(([at]) => nowMs - Number(at) < keptMs);
  const kept = Object.fromEntries(hours);
  return { ...counts, [pool]: { ...kept, [hour]: (kept[hour] ?? 0) + 1 } };
}

/** Visits that a pool had no number for in the last 24 hours, to the hour. */
export function shortagesOfLastDay(counts: ShortageCounts, pool: string, nowMs: number): number {
  const hours = Object.entries(counts[pool] ?? {}).filter(([at]) => Number(at) > nowMs - 25 * hourMs);
  return hours.reduce((sum, [, times]) => sum + times, 0);
}

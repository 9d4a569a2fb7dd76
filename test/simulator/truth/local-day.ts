import { moscowOffsetMs } from '../moscow.ts';

/** Calendar day in a time zone, as days since 1970-01-01: days compare and subtract as numbers. */
export type DayNumber = number;

const dayMs = 86_400_000;
const hourMs = 3_600_000;

export function dayOf(ms: number, timezone: string): DayNumber {
  return Math.floor((ms + offsetAt(ms, timezone)) / dayMs);
}

export const dayFromDate = (date: string): DayNumber => Date.parse(`${date}T00:00:00Z`) / dayMs;

export const dateFromDay = (day: DayNumber): string => new Date(day * dayMs).toISOString().slice(0, 10);

const offsets = new Map<string, number>();

/** Offset from UTC, ms. Offsets change on whole quarters of an hour, and hourly steps are enough for the zones of today. */
function offsetAt(ms: number, timezone: string): number {
  if (timezone === 'Europe/Moscow') return moscowOffsetMs;
  const hour = Math.floor(ms / hourMs);
  const key = `${timezone}/${hour}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const text = new Date(hour * hourMs).toLocaleString('sv-SE', { timeZone: timezone });
  const offset = Date.parse(`${text.replace(' ', 'T')}Z`) - hour * hourMs;
  offsets.set(key, offset);
  return offset;
}

export type Granularity = 'day' | 'week' | 'month' | 'quarter' | 'year';

/** First day of the bucket that holds the day; weeks begin on Monday. */
export function bucketStart(day: DayNumber, granularity: Granularity): DayNumber {
  const date = new Date(day * dayMs);
  const month = date.getUTCMonth();
  switch (granularity) {
    case 'day':
      return day;
    case 'week':
      return day - ((date.getUTCDay() + 6) % 7);
    case 'month':
      return Date.UTC(date.getUTCFullYear(), month) / dayMs;
    case 'quarter':
      return Date.UTC(date.getUTCFullYear(), month - (month % 3)) / dayMs;
    case 'year':
      return Date.UTC(date.getUTCFullYear(), 0) / dayMs;
  }
}

/** Buckets of a period, both ends included, the empty ones too. */
export function bucketsOf(from: DayNumber, to: DayNumber, granularity: Granularity): DayNumber[] {
  const starts = new Set<DayNumber>();
  for (let day = from; day <= to; day++) starts.add(bucketStart(day, granularity));
  return [...starts];
}

import dayjs from 'dayjs';
import utc from 'dayjs/plugin/utc.js';
import type { Granularity } from '../contract.ts';

dayjs.extend(utc);

const day = (date: string) => dayjs.utc(date);

/** First day of the bucket that a day lies in. Weeks start on Monday. */
export function bucketOf(date: string, granularity: Granularity): string {
  const at = day(date);
  switch (granularity) {
    case 'day':
      return date;
    case 'week':
      return at.subtract((at.day() + 6) % 7, 'day').format('YYYY-MM-DD');
    case 'quarter':
      return at
        .startOf('month')
        .subtract(at.month() % 3, 'month')
        .format('YYYY-MM-DD');
    default:
      return at.startOf(granularity).format('YYYY-MM-DD');
  }
}

const msPerDay = 86_400_000;

function next(date: string, granularity: Granularity): string {
  if (granularity === 'day') return new Date(Date.parse(date) + msPerDay).toISOString().slice(0, 10);
  const moved = granularity === 'quarter' ? day(date).add(3, 'month') : day(date).add(1, granularity);
  return moved.format('YYYY-MM-DD');
}

/** Every bucket that a period touches, by its first day, which may lie before the period. */
export function bucketsOf(from: string, to: string, granularity: Granularity): readonly string[] {
  const buckets: string[] = [];
  for (let date = bucketOf(from, granularity); date <= to; date = next(date, granularity)) buckets.push(date);
  return buckets;
}

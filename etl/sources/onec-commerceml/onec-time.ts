import { type Instant, instantFromLocal, instantSchema } from '../../../domain/time.ts';

/**
 * An instant as CommerceML files write it: `2026-01-10`, `2026-01-10 15:44:47`, `2026-01-10T15:44:47`, with an offset,
 * or `10.01.2026 15:44:47`. Without an offset it is wall-clock time of `timezone`. The empty date of 1C (year 1) is none.
 */
export function readOnecTime(text: string | undefined, timezone: string): Instant | undefined {
  if (text === undefined) return undefined;
  const iso = text.trim().replace(/^(\d{2})\.(\d{2})\.(\d{4})/, '$3-$2-$1');
  if (iso.startsWith('0001-')) return undefined;
  const absolute = instantSchema.safeParse(iso);
  if (absolute.success) return absolute.data;
  return instantFromLocal(iso.replace(/\.\d+$/, ''), timezone);
}

/** Day and time of day stand in two elements; the day may carry a midnight of its own. */
export function readOnecDayAndTime(
  day: string | undefined,
  time: string | undefined,
  timezone: string,
): Instant | undefined {
  if (day === undefined || time === undefined) return readOnecTime(day, timezone);
  return readOnecTime(`${day.replace(/[T ].*$/, '')} ${time.replace(/\.\d+$/, '')}`, timezone);
}

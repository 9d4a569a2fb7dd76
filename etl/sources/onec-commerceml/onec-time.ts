import { type Instant, instantFromLocal, instantSchema } from '../../../domain/time.ts';

/**
 * An instant as CommerceML files write it: `2026-01-10`, `2026-01-10 15:44:47`, `2026-01-10T15:44:47`, with an offset,
 * or `10.01.2026 9:44:47`, as 1C prints it. Without an offset it is wall-clock time of `timezone`. The empty date of 1C
 * (year 1) is none.
 */
export function readOnecTime(text: string | undefined, timezone: string): Instant | undefined {
  if (text === undefined || isEmptyDate(text)) return undefined;
  const iso = toIso(text);
  const absolute = instantSchema.safeParse(iso);
  if (absolute.success) return absolute.data;
  return instantFromLocal(iso.replace(/\.\d+$/, ''), timezone);
}

const toIso = (text: string): string =>
  text
    .trim()
    .replace(/^(\d{2})\.(\d{2})\.(\d{4})/, '$3-$2-$1')
    .replace(/^(\d{4}-\d{2}-\d{2}[T ])(?=\d:)/, '$10');

const isEmptyDate = (text: string): boolean => toIso(text).startsWith('0001-');

/** Whether a text is there and should be an instant, but is none. */
export const isUnreadableTime = (text: string | undefined, timezone: string): text is string =>
  text !== undefined && !isEmptyDate(text) && readOnecTime(text, timezone) === undefined;

/** Day and time of day stand in two elements; the day may carry a midnight of its own. */
export function readOnecDayAndTime(
  day: string | undefined,
  time: string | undefined,
  timezone: string,
): Instant | undefined {
  if (day === undefined || time === undefined) return readOnecTime(day, timezone);
  return readOnecTime(`${day.replace(/[T ].*$/, '')} ${time.replace(/\.\d+$/, '')}`, timezone);
}

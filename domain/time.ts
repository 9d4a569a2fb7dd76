import dayjs from 'dayjs';
import timezone from 'dayjs/plugin/timezone.js';
import utc from 'dayjs/plugin/utc.js';
import { z } from 'zod';

dayjs.extend(utc);
dayjs.extend(timezone);

/** The only source of "now": injected, so that tests hold the clock. Milliseconds since the epoch. */
export interface Clock {
  now(): number;
}
export const systemClock: Clock = { now: () => Date.now() };

/** An instant as text in UTC: `2026-01-10T11:02:11.000Z`. */
export type Instant = string;

const earliestMs = Date.UTC(1990, 0, 1);
const latestMs = Date.UTC(2100, 0, 1);

export const toInstant = (ms: number): Instant => new Date(ms).toISOString();

/** Reads ISO 8601 with an offset, or milliseconds since the epoch. Refuses text without an offset: it would mean another instant on each machine. */
export const instantSchema = z.union([z.number(), z.string()]).transform((value, context): Instant => {
  const ms = typeof value === 'number' ? value : readOffsetTime(value);
  if (Number.isInteger(ms) && ms >= earliestMs && ms < latestMs) return toInstant(ms);
  context.addIssue({
    code: 'custom',
    message:
      'expected an instant: ISO 8601 with an offset such as 2026-01-10T14:02:11+03:00, or milliseconds since 1970',
  });
  return z.NEVER;
});

function readOffsetTime(text: string): number {
  const shaped = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(text.trim());
  return shaped && isCalendarDate(text.trim().slice(0, 10)) ? Date.parse(text.trim()) : Number.NaN;
}

/** `2026-01-31`, or `31.01.2026` as Russian spreadsheets write it; from 1990 to 2099. */
export const dateSchema = z.string().transform((value, context): string => {
  const date = value.trim().replace(/^(\d\d)\.(\d\d)\.(\d{4})$/, '$3-$2-$1');
  if (isCalendarDate(date) && date >= '1990-01-01' && date < '2100-01-01') return date;
  context.addIssue({ code: 'custom', message: 'expected a date such as 2026-01-31' });
  return z.NEVER;
});

/** True for a day that exists: `2026-02-30` is none. */
export function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A wall-clock time without an offset (`2026-01-10T14:02:11`), as 1C writes it, read in the zone of the sender. */
export function instantFromLocal(localTime: string, zone: string): Instant | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?))?$/.exec(localTime.trim());
  if (!match?.[1] || !isCalendarDate(match[1])) return undefined;
  const parsed = dayjs.tz(`${match[1]}T${match[2] ?? '00:00:00'}`, zone);
  return parsed.isValid() ? parsed.toISOString() : undefined;
}

/** Local calendar day of an instant: `2026-01-10`. */
export const localDate = (ms: number, zone: string): string => dayjs(ms).tz(zone).format('YYYY-MM-DD');

/** First millisecond of a local day. */
export const startOfLocalDay = (date: string, zone: string): number => dayjs.tz(`${date}T00:00:00`, zone).valueOf();

export const addDays = (date: string, days: number): string => dayjs.utc(date).add(days, 'day').format('YYYY-MM-DD');

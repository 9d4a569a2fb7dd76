import dayjs from 'dayjs';
import utc from 'dayjs/plugin/utc.js';
import { z } from 'zod';
import { zoneOffsetMs } from './zone-offset.ts';

dayjs.extend(utc);

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

const instantWords =
  'expected an instant: ISO 8601 with an offset such as 2026-01-10T14:02:11+03:00, or milliseconds since 1970';

/** Reads ISO 8601 with an offset, or milliseconds since the epoch. Refuses text without an offset: it would mean another instant on each machine. */
export const instantSchema = z.union([z.number(), z.string()], instantWords).transform((value, context): Instant => {
  const ms = typeof value === 'number' ? value : readOffsetTime(value);
  if (Number.isInteger(ms) && ms >= earliestMs && ms < latestMs) return toInstant(ms);
  context.addIssue({ code: 'custom', message: instantWords });
  return z.NEVER;
});

function readOffsetTime(text: string): number {
  const shaped = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(text.trim());
  return shaped && isCalendarDate(text.trim().slice(0, 10)) ? Date.parse(text.trim()) : Number.NaN;
}

const dateWords = 'expected a date such as 2026-01-31';

/** `2026-01-31`, or `31.01.2026` as Russian spreadsheets write it; from 1990 to 2099. */
export const dateSchema = z.string(dateWords).transform((value, context): string => {
  const date = value.trim().replace(/^(\d\d)\.(\d\d)\.(\d{4})$/, '$3-$2-$1');
  if (isCalendarDate(date) && date >= '1990-01-01' && date < '2100-01-01') return date;
  context.addIssue({ code: 'custom', message: dateWords });
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

const hourMs = 3_600_000;

/** Clocks are at most 12 hours behind UTC and 14 ahead of it. */
const mostAheadMs = 14 * hourMs;
const mostBehindMs = 12 * hourMs;

/**
 * A wall-clock time without an offset (`2026-01-10T14:02:11`), as 1C writes it, read in the zone of the sender. Of a time that clocks show
 * twice the first is meant; one that they skip is read as if they had not been changed yet; a day alone is its start.
 */
export function instantFromLocal(localTime: string, zone: string): Instant | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?))?$/.exec(localTime.trim());
  if (!match?.[1] || !isCalendarDate(match[1])) return undefined;
  if (match[2] === undefined) return toInstant(startOfLocalDay(match[1], zone));
  const shownMs = Date.parse(`${match[1]}T${match[2]}Z`);
  return Number.isNaN(shownMs) ? undefined : toInstant(instantShown(shownMs, zone));
}

/** The instant when clocks show a time, given as if it were UTC. */
function instantShown(shownMs: number, zone: string): number {
  const byOldClock = shownMs - zoneOffsetMs(shownMs - mostAheadMs, zone);
  const byNewClock = shownMs - zoneOffsetMs(shownMs + mostBehindMs, zone);
  return [byOldClock, byNewClock].find((ms) => ms + zoneOffsetMs(ms, zone) === shownMs) ?? byOldClock;
}

/** Local calendar day of an instant: `2026-01-10`. */
export const localDate = (ms: number, zone: string): string =>
  new Date(ms + zoneOffsetMs(ms, zone)).toISOString().slice(0, 10);

/**
 * First millisecond of a local day: from it on the local date is never earlier than that day. Of a midnight that clocks show twice it is
 * the first, unless they go back to the day before in between; a day without a midnight starts with the first time that it has, and one that
 * the calendar skips starts, empty, with the next.
 */
export function startOfLocalDay(date: string, zone: string): number {
  const midnightMs = Date.parse(`${date}T00:00:00Z`);
  const before = midnightMs - mostAheadMs - hourMs;
  const after = midnightMs + mostBehindMs + hourMs;
  const byOldClock = midnightMs - zoneOffsetMs(before, zone);
  const byNewClock = midnightMs - zoneOffsetMs(after, zone);
  if (byOldClock === byNewClock) return byOldClock;
  const change = clockChange(before, after, zone);
  return byNewClock > change ? byNewClock : Math.min(byOldClock, change);
}

/** The instant of the one change of a zone's clocks between two instants; they change on whole seconds. */
function clockChange(before: number, after: number, zone: string): number {
  const offset = zoneOffsetMs(before, zone);
  let [last, first] = [before / 1000, after / 1000];
  while (first - last > 1) {
    const middle = Math.floor((last + first) / 2);
    if (zoneOffsetMs(middle * 1000, zone) === offset) last = middle;
    else first = middle;
  }
  return first * 1000;
}

export const addDays = (date: string, days: number): string => dayjs.utc(date).add(days, 'day').format('YYYY-MM-DD');

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addDays,
  dateSchema,
  instantFromLocal,
  instantSchema,
  isCalendarDate,
  isTimezone,
  localDate,
  startOfLocalDay,
} from '../../domain/time.ts';

test('an instant is read from a text with an offset or from milliseconds', () => {
  for (const [given, read] of [
    ['2026-01-10T14:02:11+03:00', '2026-01-10T11:02:11.000Z'],
    ['2026-01-10T14:02:11+0300', '2026-01-10T11:02:11.000Z'],
    ['2026-01-10T14:02Z', '2026-01-10T14:02:00.000Z'],
    ['2026-01-10T14:02:11.123Z', '2026-01-10T14:02:11.123Z'],
    [1_767_225_600_000, '2026-01-01T00:00:00.000Z'],
  ] as const) {
    expect(instantSchema.parse(given)).toBe(read);
  }
});

test('an instant without an offset, outside the calendar or far off is refused', () => {
  for (const given of [
    '2026-01-10T14:02:11',
    '2026-01-10',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '',
    'now',
    1.5,
    Number.NaN,
    0,
    4_102_444_800_000,
  ]) {
    expect(instantSchema.safeParse(given).success, String(given)).toBe(false);
  }
});

test('a day that does not exist is refused', () => {
  expect(['2024-02-29', '2026-02-29', '2026-02-30', '2026-1-1', '2026-01-01T00:00', ''].map(isCalendarDate)).toEqual([
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
  expect(dateSchema.safeParse('2026-04-31').success).toBe(false);
});

test('a wall-clock time is read in the zone of its sender', () => {
  expect(instantFromLocal('2026-01-10T14:02:11', 'Europe/Moscow')).toBe('2026-01-10T11:02:11.000Z');
  expect(instantFromLocal('2026-01-10 14:02', 'Asia/Vladivostok')).toBe('2026-01-10T04:02:00.000Z');
  expect(instantFromLocal('2026-01-10', 'Europe/Moscow')).toBe('2026-01-09T21:00:00.000Z');
  for (const text of ['2026-02-30', '10.01.2026', '2026-01-10T14:02:11Z', ''])
    expect(instantFromLocal(text, 'Europe/Moscow')).toBeUndefined();
});

test('a local day holds every instant from its start to the start of the next', () => {
  const zones = fc.constantFrom('Europe/Moscow', 'Europe/Kaliningrad', 'Asia/Kamchatka', 'America/New_York', 'UTC');
  const instants = fc.integer({ min: Date.UTC(2015, 0, 1), max: Date.UTC(2030, 0, 1) });
  fc.assert(
    fc.property(zones, instants, (zone, ms) => {
      const day = localDate(ms, zone);
      expect(startOfLocalDay(day, zone)).toBeLessThanOrEqual(ms);
      expect(startOfLocalDay(addDays(day, 1), zone)).toBeGreaterThan(ms);
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('days are counted over the ends of months and years', () => {
  expect([addDays('2025-12-31', 1), addDays('2024-02-28', 1), addDays('2026-03-01', -1)]).toEqual([
    '2026-01-01',
    '2024-02-29',
    '2026-02-28',
  ]);
});

test('a zone that no calendar knows is none', () => {
  expect(['Europe/Moscow', 'UTC', 'Moscow', ''].map(isTimezone)).toEqual([true, true, false, false]);
});

import { describe, expect, it } from 'vitest';
import { addDays, instantFromLocal, localDate, startOfLocalDay } from '../../domain/time.ts';
import { changingZones, daysBesideChanges, shownIn } from '../support/clock-changes.ts';

const start = (day: string, zone: string): string => new Date(startOfLocalDay(day, zone)).toISOString();

describe('a local day', () => {
  it.each([
    ['that begins twice starts with its first midnight', '2026-10-25', 'Atlantic/Azores', '2026-10-25T00:00:00.000Z'],
    ['that begins twice starts with its first midnight', '2026-11-01', 'America/Havana', '2026-11-01T04:00:00.000Z'],
    ['that begins twice starts with its first midnight', '2021-10-29', 'Asia/Gaza', '2021-10-28T21:00:00.000Z'],
    [
      'that begins twice starts with its first midnight',
      '2022-10-30',
      'America/Scoresbysund',
      '2022-10-30T00:00:00.000Z',
    ],
    [
      'after a 23:00 that comes twice starts after the second',
      '2018-02-18',
      'America/Sao_Paulo',
      '2018-02-18T03:00:00.000Z',
    ],
    [
      'broken by a piece of the day before starts after it',
      '2010-11-07',
      'America/St_Johns',
      '2010-11-07T03:30:00.000Z',
    ],
    [
      'without a midnight starts with the first time it has',
      '2026-09-06',
      'America/Santiago',
      '2026-09-06T04:00:00.000Z',
    ],
    ['without a midnight starts with the first time it has', '2026-03-29', 'Asia/Beirut', '2026-03-28T22:00:00.000Z'],
    ['without a midnight starts with the first time it has', '2026-04-24', 'Africa/Cairo', '2026-04-23T22:00:00.000Z'],
    ['that the calendar skips starts with the next', '2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
    ['after a skipped one starts where that would', '2011-12-31', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
  ])('%s: %s in %s', (_what, day, zone, at) => {
    expect(start(day, zone)).toBe(at);
  });

  it('holds the instants of its date and none of an earlier one after its start, beside every change of clocks', () => {
    for (const zone of changingZones) {
      for (const day of daysBesideChanges(zone)) {
        const [from, to] = [startOfLocalDay(day, zone), startOfLocalDay(addDays(day, 1), zone)];
        const place = `${day} in ${zone}`;
        const first = from === to ? addDays(day, 1) : day;
        expect([localDate(from, zone), shownIn(zone, from).slice(0, 10)], place).toEqual([first, first]);
        expect(localDate(from - 1, zone) < day, place).toBe(true);
        expect(localDate(to - 1, zone) <= day, place).toBe(true);
        for (const hours of [0.5, 1, 2, 3])
          expect(localDate(from + hours * 3_600_000, zone) >= first, place).toBe(true);
      }
    }
  });
});

describe('a wall-clock time', () => {
  it.each([
    ['that comes twice is the first', '2014-10-26 01:30:00', 'Europe/Moscow', '2014-10-25T21:30:00.000Z'],
    ['that comes twice is the first', '2026-10-25T00:00:00', 'Atlantic/Azores', '2026-10-25T00:00:00.000Z'],
    ['just after one that comes twice', '2014-10-26 02:00:00', 'Europe/Moscow', '2014-10-25T23:00:00.000Z'],
    ['just before one that comes twice', '2014-10-26 00:59:59', 'Europe/Moscow', '2014-10-25T20:59:59.000Z'],
    ['that clocks skip is read by the old clock', '2026-03-29 02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    ['just after those that clocks skip', '2026-03-29 03:00', 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
    ['at a midnight that clocks skip', '2026-09-06T00:00:00', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
    ['of a day that the calendar skips', '2011-12-30 12:00', 'Pacific/Apia', '2011-12-30T22:00:00.000Z'],
    ['that is only a day is its start', '2026-10-25', 'Atlantic/Azores', '2026-10-25T00:00:00.000Z'],
    ['that is only a day is its start', '2010-11-07', 'America/St_Johns', '2010-11-07T03:30:00.000Z'],
  ])('%s: %s in %s', (_what, text, zone, at) => {
    expect(instantFromLocal(text, zone)).toBe(at);
  });

  it('shown once beside a change of clocks is the instant that shows it', () => {
    for (const zone of changingZones) {
      for (const day of daysBesideChanges(zone)) {
        const noon = Date.parse(instantFromLocal(`${day} 12:00`, zone) ?? '');
        const skipped = startOfLocalDay(day, zone) === startOfLocalDay(addDays(day, 1), zone);
        expect(shownIn(zone, noon), `${day} in ${zone}`).toBe(`${skipped ? addDays(day, 1) : day} 12:00`);
      }
    }
  });

  it('that no clock shows is none', () => {
    expect(['2026-01-10 24:30', '2026-01-10 12:60'].map((text) => instantFromLocal(text, 'UTC'))).toEqual([
      undefined,
      undefined,
    ]);
  });
});

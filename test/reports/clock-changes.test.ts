import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { addDays, startOfLocalDay } from '../../domain/time.ts';
import { hourSql, localDaySql } from '../../reports/query/calendar-sql.ts';
import { compileOnly, runCompiled } from '../../warehouse/dialect/compile-only.ts';
import type { Database } from '../../warehouse/tables/index.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { testWarehouse } from '../support/clickhouse.ts';
import { changingZones, clockChanges, daysBesideChanges, shownIn } from '../support/clock-changes.ts';
import { ask, insertMarts, utc } from './marts.ts';

let warehouse: Warehouse;

beforeAll(async () => {
  warehouse = await testWarehouse();
});

interface Probe {
  readonly zone: string;
  readonly day: string;
  readonly ms: number;
}

/** The first and the last millisecond of a day; none of one that the calendar skips. */
function edges(zone: string, day: string): readonly Probe[] {
  const [start, end] = [startOfLocalDay(day, zone), startOfLocalDay(addDays(day, 1), zone)];
  return start === end ? [] : [start, end - 1].map((ms) => ({ zone, day, ms }));
}

const edgesBesideChanges = (zone: string): readonly Probe[] =>
  daysBesideChanges(zone).flatMap((day) => edges(zone, day));

/** Day and hour of the probes of each zone as SQL reads them. */
function readBySql(probes: ReadonlyMap<string, readonly Probe[]>) {
  const at = sql`fromUnixTimestamp64Milli(at, 'UTC')`;
  const selects = [...probes].map(([zone, list]) => {
    const instants = sql.raw(list.map(({ ms }) => ms).join(', '));
    return sql`SELECT ${sql.lit(zone)} AS zone, toString(at) AS ms, toString(${localDaySql(at, zone)}) AS day, ${hourSql(at, zone)} AS hour
FROM (SELECT arrayJoin([${instants}]) AS at)`;
  });
  const query = sql<{ zone: string; ms: string; day: string; hour: string }>`${sql.join(selects, sql`\nUNION ALL\n`)}`;
  return runCompiled(warehouse, query.compile(compileOnly<Database>()));
}

/** The database knows changes of clocks to the quarter of an hour: beside the few at 00:01 it is one minute late with the hour. */
const isOnTheQuarter = ({ zone, ms }: Probe): boolean =>
  !clockChanges(zone).some((change) => change % 900_000 !== 0 && Math.abs(change - ms) < 86_400_000);

describe('a local day', () => {
  it('begins and ends for SQL where it does for the period of a report, beside every change of clocks', async () => {
    const probes = new Map(changingZones.map((zone) => [zone, edgesBesideChanges(zone)]));
    const read = new Map((await readBySql(probes)).map(({ zone, ms, day, hour }) => [`${zone} ${ms}`, { day, hour }]));
    const bySql = ({ zone, ms }: Probe) => read.get(`${zone} ${ms}`);
    const hourOf = ({ zone, ms }: Probe): string => String(Number(shownIn(zone, ms).slice(11, 13)));
    const all = [...probes.values()].flat();
    expect(all.filter((probe) => bySql(probe)?.day !== probe.day)).toEqual([]);
    expect(all.filter((probe) => bySql(probe)?.hour !== hourOf(probe)).filter(isOnTheQuarter)).toEqual([]);
  });
});

describe.each([
  ['Atlantic/Azores', '2026-10-25', 50],
  ['America/Havana', '2026-11-01', 50],
  ['America/Santiago', '2026-09-06', 46],
  ['Africa/Cairo', '2026-04-24', 46],
  ['Pacific/Apia', '2011-12-30', 0],
  ['America/St_Johns', '2010-11-07', 48],
] as const)('a shop in %s, with a visit every half hour about %s', (timezone, day, ofThatDay) => {
  const name = `${timezone} ${day}`;
  const [before, after] = [addDays(day, -1), addDays(day, 1)];
  const visits = async (request: object) =>
    ask(warehouse, { metrics: ['visits'], timezone, from: before, to: after, ...request }, { name });

  beforeAll(async () => {
    const noon = Date.parse(`${day}T12:00:00Z`);
    const instants = Array.from({ length: 240 }, (_, index) =>
      new Date(noon + (index - 120) * 1_800_000).toISOString(),
    );
    await insertMarts(warehouse, {
      visits: instants.map((at, index) => ({
        project: name,
        visit_id: `${index}`,
        started_at: utc(at),
        channel: 'Direct',
      })),
    });
  });

  it('has each of them in one day, of the very number that the day has by itself', async () => {
    const { rows, totals } = await visits({ granularity: 'day' });
    const alone = await Promise.all(
      [before, day, after].map(async (one) => ({ date: one, ...(await visits({ from: one, to: one })).totals })),
    );
    expect(rows).toEqual(alone);
    expect(rows[1]?.visits).toBe(ofThatDay);
    expect(rows.reduce((sum, { visits: count }) => sum + Number(count), 0)).toBe(totals.visits);
  });

  it.each([{ granularity: 'week' }, { granularity: 'month' }, { dimensions: ['hour'] }, { dimensions: ['weekday'] }])(
    'has rows that sum to the totals by %o',
    async (grain) => {
      const { rows, totals } = await visits({ ...grain, to: day });
      expect(rows.reduce((sum, { visits: count }) => sum + Number(count), 0)).toBe(totals.visits);
    },
  );
});

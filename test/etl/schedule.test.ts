import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isCronPattern, type Schedule, type ScheduledSource, startSchedule } from '../../etl/schedule.ts';
import { FakeTime } from '../support/fake-time.ts';

const minute = 60_000;
const hour = 60 * minute;

let time: FakeTime;
let runs: string[];
let errors: string[];
let schedule: Schedule | undefined;
let work: () => Promise<void>;

beforeEach(() => {
  time = new FakeTime('2026-01-10T12:02:00Z');
  runs = [];
  errors = [];
  work = async () => {};
});
afterEach(() => schedule?.stop());

async function start(sources: ScheduledSource[], lastSuccess: Record<string, string>): Promise<void> {
  schedule = await startSchedule(
    {
      clock: time,
      after: time.after,
      timezone: 'Europe/Moscow',
      log: { info: () => {}, warn: () => {}, error: (fields) => errors.push(JSON.stringify(fields)) },
      lastSuccess: async () => new Map(Object.entries(lastSuccess).map(([id, at]) => [id, Date.parse(at)])),
      run: async (id, trigger) => {
        runs.push(`${new Date(time.now()).toISOString().slice(5, 16)} ${id} ${trigger}`);
        await work();
      },
    },
    sources,
  );
  await time.advance(0);
}

describe('a schedule', () => {
  it('runs each source when it is due, exactly', async () => {
    const done = { a: '2026-01-10T12:00:10Z', b: '2026-01-10T11:20:00Z' };
    await start([{ id: 'a', schedule: '*/5 * * * *' }, { id: 'b', schedule: '15 * * * *' }, { id: 'manual' }], done);
    await time.advance(14 * minute);
    expect(runs.toSorted()).toEqual([
      '01-10T12:05 a schedule',
      '01-10T12:10 a schedule',
      '01-10T12:15 a schedule',
      '01-10T12:15 b schedule',
    ]);
  });

  it("counts hours in the project's time zone and waits for days", async () => {
    await start([{ id: 'a', schedule: '0 3 * * 1' }], { a: '2026-01-10T00:00:00Z' });
    await time.advance(48 * hour);
    expect(runs).toEqual(['01-12T00:00 a schedule']);
  });

  it('runs at once a source that missed its last due time or never ran', async () => {
    const sources = ['late', 'new', 'fresh'].map((id) => ({ id, schedule: '0 * * * *' }));
    await start(sources, { late: '2026-01-10T11:59:59Z', fresh: '2026-01-10T12:00:01Z' });
    expect(runs).toEqual(['01-10T12:02 late catch_up', '01-10T12:02 new catch_up']);
  });

  it('never overlaps a source with itself: what falls due meanwhile is skipped', async () => {
    let finish = (): void => {};
    work = () => new Promise((resolve) => (finish = resolve));
    await start([{ id: 'a', schedule: '*/5 * * * *' }], { a: '2026-01-10T12:01:00Z' });
    await time.advance(12 * minute);
    expect(runs).toEqual(['01-10T12:05 a schedule']);
    finish();
    await time.advance(2 * minute);
    expect(runs).toEqual(['01-10T12:05 a schedule', '01-10T12:15 a schedule']);
    finish();
  });

  it('goes on after a run that fails', async () => {
    work = () => Promise.reject(new Error('broken'));
    await start([{ id: 'a', schedule: '*/5 * * * *' }], { a: '2026-01-10T12:01:00Z' });
    await time.advance(10 * minute);
    expect(runs).toHaveLength(2);
    expect(errors).toHaveLength(2);
  });

  it('starts nothing after stop, which waits for the run under way', async () => {
    let finish = (): void => {};
    work = () => new Promise((resolve) => (finish = resolve));
    await start([{ id: 'a', schedule: '*/5 * * * *' }], {});
    let isStopped = false;
    const stopping = schedule?.stop().then(() => {
      isStopped = true;
    });
    await time.advance(hour);
    expect(isStopped).toBe(false);
    finish();
    await stopping;
    await time.advance(hour);
    expect(runs).toEqual(['01-10T12:02 a catch_up']);
  });
});

it('a cron pattern is told from other texts', () => {
  expect(['*/5 * * * *', '0 3 * * 1', 'hourly', '61 * * * *', ''].map(isCronPattern)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

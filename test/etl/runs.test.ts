import { beforeEach, expect, it } from 'vitest';
import { etlLockPath, withLock } from '../../etl/lock.ts';
import { announceForgotten } from '../../etl/pull/announce-forgotten.ts';
import { closeInterruptedRuns, forgetOldRuns, lastSuccessfulPulls, openRun, type RunsDeps } from '../../etl/runs.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import type { PullWorld } from '../support/pull-world.ts';
import { usePullWorlds } from '../support/use-pull-worlds.ts';

const current = usePullWorlds('2026-01-10T12:00:00Z');
let warehouse: Warehouse;
let world: PullWorld;
beforeEach(() => {
  ({ warehouse, world } = current());
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const open = (deps: Partial<RunsDeps> = {}) =>
  openRun({ ...world.deps(), ...deps }, { kind: 'pull', source: 'till', trigger: 'schedule' });
const outcomes = () =>
  world.rows<{ run_no: string; outcome: string }>(
    'SELECT run_no, outcome FROM etl_runs FINAL WHERE project = {project:String} AND run_no > 200000 ORDER BY run_no',
  );

const storeManyRuns = () =>
  warehouse.command(
    `INSERT INTO etl_runs (run_no, project, kind, source, trigger, started_at, outcome, updated_at)
     SELECT number + 1, {project:String}, if(number % 2 = 0, 'stages', 'pull'), if(number % 2 = 0, '', 'till'), 'schedule',
       toDateTime64('2026-01-01 00:00:00', 3, 'UTC') + number AS started_at, 'ok', started_at
     FROM numbers(200000)`,
    { project: world.project },
  );

/** A warehouse that refuses to read many rows. */
function frugalWarehouse(): Warehouse {
  const options = { settings: { max_rows_to_read: 50_000 } };
  return Object.assign(Object.create(warehouse) as Warehouse, {
    query: (sql, params) => warehouse.query(sql, params, options),
    command: (sql, params) => warehouse.command(sql, params, options),
    insertRows: warehouse.insertRows.bind(warehouse),
  } satisfies Partial<Warehouse>);
}

it('runs are numbered, closed and found without reading all that ever were', async () => {
  await storeManyRuns();
  const deps = { ...world.deps(), warehouse: frugalWarehouse() };
  await open(deps);
  await world.time.advance(1000);
  await closeInterruptedRuns(deps, 'till');
  await announceForgotten(deps, 'till');
  const run = await open(deps);
  expect(run.runNo).toBe(200_002);
  expect(await outcomes()).toEqual([
    { run_no: '200001', outcome: 'failed' },
    { run_no: '200002', outcome: 'running' },
  ]);
  await run.finish({ outcome: 'ok', rowsRead: 0, rowsWritten: 0 });
  expect(await lastSuccessfulPulls(deps.warehouse, world.project)).toEqual(new Map([['till', world.time.now()]]));
});

it('runs opened at once have numbers of their own', async () => {
  const runs = await Promise.all(Array.from({ length: 8 }, () => open({ sleep: turn })));
  expect(runs.map(({ runNo }) => runNo).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

it('a run is opened while the stages are at work', async () => {
  const { dataDir } = world.deps();
  const sleep = (): Promise<void> => Promise.reject(new Error('it waits'));
  await withLock({ path: etlLockPath(dataDir), sleep }, async () => {
    expect((await open({ sleep })).runNo).toBe(1);
  });
});

it('runs and rejections of more than 400 days ago are forgotten, whole, and their numbers are not given again', async () => {
  const runs = () =>
    world.rows('SELECT DISTINCT run_no FROM etl_runs WHERE project = {project:String} ORDER BY run_no');
  const rejected = () => world.rows('SELECT rejected_id FROM rejected WHERE project = {project:String} ORDER BY ALL');
  const reject = (rejected_id: string, reason: string) =>
    warehouse.insertRows('rejected', [
      { project: world.project, rejected_id, reason, rejected_at: new Date(world.time.now()).toISOString() },
    ]);
  await (await open()).finish({ outcome: 'ok', rowsRead: 0, rowsWritten: 0 });
  await reject('old', 'invalid');
  await reject('old-without-rate', 'no_rate');
  await world.time.advance(2 * 24 * 3_600_000);
  await open();
  await reject('new', 'invalid');
  await world.time.advance(399 * 24 * 3_600_000);
  await forgetOldRuns(world.deps());
  expect(await runs()).toEqual([{ run_no: '2' }]);
  expect(await rejected()).toEqual([{ rejected_id: 'new' }, { rejected_id: 'old-without-rate' }]);
  await world.time.advance(2 * 24 * 3_600_000);
  await (await open()).finish({ outcome: 'ok', rowsRead: 0, rowsWritten: 0 });
  await world.time.advance(401 * 24 * 3_600_000);
  await forgetOldRuns(world.deps());
  expect(await runs()).toEqual([]);
  expect((await open()).runNo).toBe(4);
});

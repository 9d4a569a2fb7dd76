import { join } from 'node:path';
import { type Clock, toInstant } from '../domain/time.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { SourceErrorKind } from './errors.ts';
import { withLock } from './lock.ts';
import type { Logger } from './logger.ts';
import type { Sleep } from './sleep.ts';

export type RunTrigger = 'schedule' | 'catch_up' | 'command' | 'arrival';
/** Why a run failed: an error of the source, of the warehouse, a stop asked for, a process that died, or a bug. */
export type RunFailure = SourceErrorKind | 'warehouse' | 'aborted' | 'interrupted' | 'internal';

export interface RunsDeps {
  readonly warehouse: Warehouse;
  readonly project: string;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly log: Logger;
  readonly signal?: AbortSignal;
}

export interface RunStart {
  readonly kind: 'pull' | 'stages';
  /** Id of the source; empty for the stages. */
  readonly source: string;
  readonly trigger: RunTrigger;
}

export interface RunEnd {
  readonly outcome: 'ok' | 'failed';
  readonly reason?: RunFailure;
  readonly detail?: string;
  readonly rowsRead: number;
  readonly rowsWritten: number;
}

export interface Run {
  readonly runNo: number;
  finish(end: RunEnd): Promise<void>;
}

/** So long runs and rejections are kept. */
const keptDays = 400;

/**
 * Number of the next run of a project. Call it, and write the run's row, while holding the lock of the numbers. Everything since the
 * newest finished run is looked at, so that it takes no longer as runs grow many, and a number is not given again when they are forgotten.
 */
export async function nextRunNo(warehouse: Warehouse, project: string): Promise<number> {
  const rows = await warehouse.query<{ last: string }>(
    `WITH (SELECT max(run_no) FROM run_outcomes WHERE project = {project:String}) AS finished
     SELECT greatest(max(run_no), ifNull(finished, 0)) AS last FROM etl_runs WHERE project = {project:String} AND run_no >= finished`,
    { project },
  );
  return Number(rows[0]?.last ?? 0) + 1;
}

/** Opens a run: takes its number and writes its row as `running`. A run of the stages may be at work meanwhile. */
export async function openRun(deps: RunsDeps, start: RunStart): Promise<Run> {
  const lock = { path: join(deps.dataDir, 'run-numbers.lock'), sleep: deps.sleep };
  return withLock({ ...lock, ...(deps.signal === undefined ? {} : { signal: deps.signal }) }, () =>
    numberRun(deps, start),
  );
}

async function numberRun(deps: Pick<RunsDeps, 'warehouse' | 'project' | 'clock'>, start: RunStart): Promise<Run> {
  const runNo = await nextRunNo(deps.warehouse, deps.project);
  const startedAt = toInstant(deps.clock.now());
  const write = async (end: RunEnd | undefined): Promise<void> => {
    const now = toInstant(deps.clock.now());
    await deps.warehouse.insertRows('etl_runs', [
      {
        run_no: String(runNo),
        project: deps.project,
        ...start,
        started_at: startedAt,
        ended_at: end === undefined ? null : now,
        outcome: end?.outcome ?? 'running',
        reason: end?.reason ?? '',
        detail: end?.detail ?? '',
        rows_read: String(end?.rowsRead ?? 0),
        rows_written: String(end?.rowsWritten ?? 0),
        updated_at: now,
      },
    ]);
  };
  await write(undefined);
  return { runNo, finish: write };
}

/**
 * Closes runs of a source that were never closed: their process died. Call it when none of that source can be running, before the next
 * one: what was opened before the newest finished one is closed already.
 */
export async function closeInterruptedRuns(
  deps: Pick<RunsDeps, 'warehouse' | 'project' | 'clock'>,
  source: string,
): Promise<void> {
  await deps.warehouse.command(
    `INSERT INTO etl_runs
     SELECT * REPLACE ({now:DateTime64(3, 'UTC')} AS ended_at, 'failed' AS outcome, 'interrupted' AS reason,
                       'the process ended before the run did' AS detail, {now:DateTime64(3, 'UTC')} AS updated_at)
     FROM (
       SELECT * FROM etl_runs FINAL
       WHERE project = {project:String} AND kind = 'pull' AND source = {source:String} AND outcome = 'running'
         AND run_no > (SELECT max(run_no) FROM run_outcomes WHERE project = {project:String} AND kind = 'pull' AND source = {source:String})
     )`,
    { project: deps.project, source, now: clockText(deps.clock.now()) },
  );
}

/** When the last successful pull of each source began, in milliseconds; sources that never had one are not in it. */
export async function lastSuccessfulPulls(warehouse: Warehouse, project: string): Promise<ReadonlyMap<string, number>> {
  const rows = await warehouse.query<{ source: string; at_ms: string }>(
    `SELECT source, toUnixTimestamp64Milli(started_at) AS at_ms FROM run_outcomes FINAL
     WHERE project = {project:String} AND kind = 'pull' AND outcome = 'ok'`,
    { project },
  );
  return new Map(rows.map((row) => [row.source, Number(row.at_ms)]));
}

/**
 * Forgets runs and rejections that are old. All rows of a run go at once: were only the finished one gone, the run would be open again.
 * What waits for a currency rate stays, because the rate's arrival looks for it.
 */
export async function forgetOldRuns(deps: Pick<RunsDeps, 'warehouse' | 'project' | 'clock'>): Promise<void> {
  const params = { project: deps.project, before: clockText(deps.clock.now() - keptDays * 24 * 3_600_000) };
  const isOld = (column: string): string => `project = {project:String} AND ${column} < {before:DateTime64(3, 'UTC')}`;
  await deps.warehouse.command(`DELETE FROM etl_runs WHERE ${isOld('started_at')}`, params);
  await deps.warehouse.command(`DELETE FROM rejected WHERE ${isOld('rejected_at')} AND reason != 'no_rate'`, params);
}

const clockText = (ms: number): string => toInstant(ms).replace('T', ' ').replace('Z', '');

import { type Clock, toInstant } from '../domain/time.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { SourceErrorKind } from './errors.ts';
import { etlLockPath, withLock } from './lock.ts';
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

/** Number of the next run of a project. Call it, and write the run's row, while holding the ETL lock. */
export async function nextRunNo(warehouse: Warehouse, project: string): Promise<number> {
  const rows = await warehouse.query<{ last: string }>(
    'SELECT max(run_no) AS last FROM etl_runs WHERE project = {project:String}',
    { project },
  );
  return Number(rows[0]?.last ?? 0) + 1;
}

/** Opens a run: takes its number under the ETL lock and writes its row as `running`. */
export async function startRun(deps: RunsDeps, start: RunStart): Promise<Run> {
  const onWait = (holder: { pid: number }): void =>
    deps.log.info({ pid: holder.pid }, 'waiting for another run of the ETL to end');
  const lock = { path: etlLockPath(deps.dataDir), sleep: deps.sleep, onWait };
  return withLock({ ...lock, ...(deps.signal === undefined ? {} : { signal: deps.signal }) }, () =>
    openRun(deps, start),
  );
}

/** The same for a caller that holds the ETL lock already. */
export async function openRun(deps: Pick<RunsDeps, 'warehouse' | 'project' | 'clock'>, start: RunStart): Promise<Run> {
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

/** Closes runs of a source that were never closed: their process died. Call it when none of that source can be running. */
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
     )`,
    { project: deps.project, source, now: toInstant(deps.clock.now()).replace('T', ' ').replace('Z', '') },
  );
}

/** When the last successful pull of each source began, in milliseconds; sources that never had one are not in it. */
export async function lastSuccessfulPulls(warehouse: Warehouse, project: string): Promise<ReadonlyMap<string, number>> {
  const rows = await warehouse.query<{ source: string; at_ms: string }>(
    `SELECT source, toUnixTimestamp64Milli(max(started_at)) AS at_ms FROM etl_runs FINAL
     WHERE project = {project:String} AND kind = 'pull' AND outcome = 'ok' GROUP BY source`,
    { project },
  );
  return new Map(rows.map((row) => [row.source, Number(row.at_ms)]));
}

import { checkCallTracking } from './check-call-tracking.ts';
import { checkDisk } from './check-disk.ts';
import { checkDoubledMoney } from './check-doubled-money.ts';
import { checkForms } from './check-forms.ts';
import { checkExchangeFiles, checkSpool } from './check-kept-files.ts';
import { checkMoneySource } from './check-money-source.ts';
import { checkRejected } from './check-rejected.ts';
import { checkSetAside } from './check-set-aside.ts';
import type { Installation } from './installation.ts';

export interface Finding {
  readonly what: string;
  /** How it is, and what to do when it is not good. */
  readonly says: string;
  readonly isGood: boolean;
  /** Nothing is broken, but somebody should look. */
  readonly isWarning?: boolean;
}

const latestLagMinutes = 10;

/** Looks at everything that reports rest on. */
export async function checkInstallation(installation: Installation): Promise<Finding[]> {
  return [
    await checkDatabase(installation),
    await checkDisk(installation),
    ...(await checkSpool(installation)),
    ...(await checkExchangeFiles(installation)),
    ...(await checkCallTracking(installation)),
    await checkQueue(installation),
    await checkStages(installation),
    await checkSetAside(installation),
    ...(await checkSources(installation)),
    ...(await checkDoubledMoney(installation)),
    ...(await checkMoneySource(installation)),
    ...(await checkForms(installation)),
    await checkRejected(installation),
  ];
}

async function checkDatabase({ warehouse, mode }: Installation): Promise<Finding> {
  const [row] = await warehouse.query<{ version: string; migrations: string }>(
    'SELECT version() AS version, count() AS migrations FROM schema_migrations',
  );
  return {
    what: 'database',
    says: `ClickHouse ${row?.version} (${mode}), ${row?.migrations} migrations applied`,
    isGood: true,
  };
}

async function checkQueue({ warehouse, config }: Installation): Promise<Finding> {
  const [row] = await warehouse.query<{ waiting: string; oldest_minutes: string }>(
    `SELECT count() AS waiting, if(waiting = 0, 0, dateDiff('minute', min(loaded_at), now())) AS oldest_minutes
     FROM raw_batches FINAL WHERE project = {project:String} AND done = 0`,
    { project: config.project },
  );
  const minutes = Number(row?.oldest_minutes ?? 0);
  if (minutes < latestLagMinutes)
    return { what: 'reports', says: `${row?.waiting ?? 0} batches wait for the stages`, isGood: true };
  return {
    what: 'reports',
    says: `data has waited for ${minutes} minutes: start throughline up (or etl), and see its log for a failed run`,
    isGood: false,
  };
}

async function checkStages({ warehouse, config }: Installation): Promise<Finding> {
  const [row] = await warehouse.query<{ last_outcome: string; last_detail: string }>(
    `SELECT argMax(outcome, run_no) AS last_outcome, argMax(detail, run_no) AS last_detail
     FROM run_outcomes FINAL WHERE project = {project:String} AND kind = 'stages'`,
    { project: config.project },
  );
  const isGood = row?.last_outcome !== 'failed';
  return {
    what: 'stages',
    says: isGood ? 'their last run succeeded' : `their last run failed: ${row?.last_detail}`,
    isGood,
  };
}

async function checkSources({ warehouse, config, sources }: Installation): Promise<Finding[]> {
  const rows = await warehouse.query<{ source: string; last_outcome: string; last_detail: string; at: string }>(
    `SELECT source, argMax(outcome, run_no) AS last_outcome, argMax(detail, run_no) AS last_detail,
       toString(toDateTime(max(started_at))) AS at
     FROM run_outcomes FINAL WHERE project = {project:String} AND kind = 'pull' GROUP BY source`,
    { project: config.project },
  );
  return sources.map(({ id, definition }) => {
    const last = rows.find(({ source }) => source === id);
    if (last === undefined) return { what: `source ${id}`, says: neverRead(definition.type), isGood: false };
    return {
      what: `source ${id}`,
      says: last.last_outcome === 'ok' ? `read at ${last.at} UTC` : `failed at ${last.at} UTC: ${last.last_detail}`,
      isGood: last.last_outcome === 'ok',
    };
  });
}

const neverRead = (type: string): string =>
  type === '1c-exchange'
    ? 'has never sent anything: set up the exchange in 1C'
    : 'has never been read: throughline sync';

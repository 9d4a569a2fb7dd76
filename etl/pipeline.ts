import { isFaultOfData, isWarehouseError, type WarehouseError } from '../warehouse/warehouse-error.ts';
import { etlLockPath, type LockHolder, withLock } from './lock.ts';
import { forgetOldRuns, openRun, type Run, type RunsDeps, type RunTrigger } from './runs.ts';
import { keepSetAside, keysOfBatch, pieceOf, readSetAside, type SetAside, setAsideSql } from './set-aside.ts';
import { leftOutOf, type Piece, sift, wholeBatch } from './sift.ts';
import { attribute } from './stages/attribute.ts';
import { clean } from './stages/clean.ts';
import { identify, keepLinks, openTouched } from './stages/identify.ts';
import { sessionise } from './stages/sessionise.ts';
import { type Since, type StageContext, type StageRules, workTables } from './stages/stage-context.ts';
import { LostTablesError } from './stages/work-tables.ts';

export interface PipelineDeps extends RunsDeps {
  readonly rules: StageRules;
  /** Told the name of each stage as it begins. */
  readonly onStage?: (stage: string) => void;
  /** Browsers or persons computed at a time: more is faster, less takes less memory. */
  readonly shareSize?: number;
  /** Looking for more bad rows than this at once keeps the good ones waiting too long; the rest is looked through in the next run. */
  readonly mostAtOnce?: number;
}

export interface StagesOutcome {
  /** Raw batches taken; 0 when there was nothing new. */
  readonly batches: number;
  readonly rows: number;
  /** Events and records that cannot be computed and were left out: now, or still after they were tried again. */
  readonly setAside: number;
}

/** Names of batches travel in the address of a request; more than this wait for the next round. */
const batchesPerRun = 400;

const usualShareSize = 50_000;

/** A batch that waited longer may have lost its list of browsers, which is kept for 30 days. */
const keptBrowserListsDays = 25;

/** How often what is old is forgotten: the queue and the list of runs stay short, and no run waits for it often. */
const tidiesEveryRuns = 500;

const usualMostAtOnce = 20;

/** So many bad rows are a fault of the product or of its settings: leaving out ever more would hide it. */
const mostSetAside = 200;

/** The stages in their order. Each recomputes the keys the batches touch from all that is known, so that running it again changes nothing. */
const stages: readonly { readonly name: string; readonly run: (context: StageContext) => Promise<void> }[] = [
  { name: 'clean', run: clean },
  { name: 'touched', run: openTouched },
  { name: 'sessionise', run: sessionise },
  { name: 'identify', run: identify },
  { name: 'attribute', run: attribute },
  { name: 'links', run: keepLinks },
];

/** Takes what waits now, at most so many batches as fit one run; 0 batches when nothing waits. */
export const runStagesOnce = (deps: PipelineDeps, trigger: RunTrigger): Promise<StagesOutcome> =>
  underLock(deps, () => takeWaiting(deps, trigger));

/** Brings the marts up to what has been loaded. Repeats until nothing waits. */
export async function runStages(deps: PipelineDeps, trigger: RunTrigger): Promise<StagesOutcome> {
  let total: StagesOutcome = { batches: 0, rows: 0, setAside: 0 };
  for (;;) {
    const taken = await runStagesOnce(deps, trigger);
    if (taken.batches === 0) return total;
    total = {
      batches: total.batches + taken.batches,
      rows: total.rows + taken.rows,
      setAside: total.setAside + taken.setAside,
    };
  }
}

/**
 * Computes every mart anew from raw data, in place: readers see the old rows until the new ones replace them. What was set aside is
 * tried again.
 */
export function rebuildAll(deps: PipelineDeps): Promise<StagesOutcome> {
  return underLock(deps, async () => {
    const batches = await waitingBatches(deps);
    return takeWork(deps, 'command', { batches, all: true, leftOut: [], retried: await readSetAside(deps) });
  });
}

/**
 * The same for what happened or came on a local day or later, and for the browsers and persons that it touches. What was set aside
 * stays so.
 */
export function rebuildSince(deps: PipelineDeps, since: Since): Promise<StagesOutcome> {
  return underLock(deps, async () => {
    const batches = await waitingBatches(deps);
    const leftOut = (await readSetAside(deps)).map(pieceOf);
    return takeWork(deps, 'command', { batches, all: isStale(batches), since, leftOut, retried: [] });
  });
}

interface WaitingBatch {
  readonly batch: string;
  readonly rows: string;
  readonly age_days: number;
  /** Batch and key of all that is set aside, the same in each row. */
  readonly set_aside: readonly (readonly [string, string])[];
}

async function takeWaiting(deps: PipelineDeps, trigger: RunTrigger): Promise<StagesOutcome> {
  const batches = await waitingBatches(deps);
  const [first] = batches;
  if (first === undefined) return { batches: 0, rows: 0, setAside: 0 };
  const leftOut = first.set_aside.map(([batch, key]) => pieceOf({ batch, key }));
  return takeWork(deps, trigger, { batches, all: isStale(batches), leftOut, retried: [] });
}

const isStale = (batches: readonly WaitingBatch[]): boolean =>
  batches.some(({ age_days }) => age_days > keptBrowserListsDays);

const waitingBatches = (deps: PipelineDeps): Promise<WaitingBatch[]> =>
  deps.warehouse.query<WaitingBatch>(
    `SELECT batch, rows, dateDiff('day', loaded_at, now()) AS age_days, ${setAsideSql} FROM raw_batches FINAL
     WHERE project = {project:String} AND done = 0 ORDER BY loaded_at, batch LIMIT {most:UInt32}`,
    { project: deps.project, most: batchesPerRun },
  );

interface Work {
  readonly batches: readonly WaitingBatch[];
  readonly all: boolean;
  readonly since?: Since;
  /** What was set aside before and stays so. */
  readonly leftOut: readonly Piece[];
  /** What was set aside before and is tried again. */
  readonly retried: readonly SetAside[];
}

/** Runs the stages; when the data is to blame, sets the single rows aside that cannot be taken, so that the rest is. */
async function takeWork(deps: PipelineDeps, trigger: RunTrigger, work: Work): Promise<StagesOutcome> {
  const runWithout = (pieces: readonly Piece[]): Promise<Ran> => {
    deps.signal?.throwIfAborted();
    return runOnce(deps, trigger, work, [...work.leftOut, ...pieces]);
  };
  const whole = await runWithout([]);
  const found =
    whole.refusal === undefined
      ? { ...whole, added: [], untried: [] }
      : await siftWork(deps, work, whole.refusal, runWithout);
  const isUntried = ({ batch, key }: SetAside): boolean =>
    found.untried.some((piece) => piece.batch === batch && piece.keys?.[0] === key);
  const stillAside = work.retried.filter(isUntried);
  const takenBack = work.retried.filter((one) => !isUntried(one) && !found.added.some(isSameAs(one)));
  await keepSetAside(deps, found.runNo, { added: found.added, takenBack });
  const waiting = new Set(found.untried.map(({ batch }) => batch));
  await markDone(
    deps,
    work.batches.map(({ batch }) => batch).filter((batch) => !waiting.has(batch)),
  );
  if (found.runNo % tidiesEveryRuns === 0) {
    await forgetDone(deps);
    await forgetOldRuns(deps);
  }
  return { batches: work.batches.length, rows: rowsOf(work), setAside: found.added.length + stillAside.length };
}

const isSameAs =
  (one: SetAside) =>
  (other: SetAside): boolean =>
    one.batch === other.batch && one.key === other.key;

interface Found {
  readonly runNo: number;
  readonly added: readonly SetAside[];
  readonly untried: readonly Piece[];
}

/** Throws the error of the first refusal when it is no fault of what is new here, or when so much is set aside that the fault lies elsewhere. */
async function siftWork(
  deps: PipelineDeps,
  work: Work,
  first: Refusal,
  runWithout: (pieces: readonly Piece[]) => Promise<Ran>,
): Promise<Found> {
  const pieces = [...work.retried.map(pieceOf), ...work.batches.map(({ batch }) => wholeBatch(batch))];
  if (pieces.length === 0 || work.leftOut.length >= mostSetAside) throw first.error;
  deps.log.warn(
    { stage: first.stage, error: first.error.message },
    'a run failed because of its data; looking for the record',
  );
  let runNo = 0;
  const tools = {
    runWithout: async (left: readonly Piece[]): Promise<Refusal | undefined> => {
      const ran = await runWithout(left);
      runNo = ran.runNo;
      return ran.refusal;
    },
    keysOfBatch: (batch: string) => keysOfBatch(deps, batch),
    most: deps.mostAtOnce ?? usualMostAtOnce,
  };
  const sifted = (await tools.runWithout(pieces)) === undefined ? await sift(pieces, tools) : undefined;
  if (sifted === undefined) throw first.error;
  const added = sifted.refused.map(({ batch, key, refusal }) => ({
    batch,
    key,
    detail: `${refusal.stage}: ${refusal.error.message}`,
  }));
  for (const one of added) deps.log.error({ ...one }, 'a record cannot be computed and is set aside');
  return { runNo, added, untried: sifted.untried };
}

/** What ClickHouse refused, as far as only the data can be to blame. */
interface Refusal {
  readonly stage: string;
  readonly error: WarehouseError;
}

interface Ran {
  readonly runNo: number;
  readonly refusal?: Refusal;
}

const rowsOf = ({ batches }: Work): number => batches.reduce((sum, batch) => sum + Number(batch.rows), 0);

/** One run, and another one when its work tables were lost. A refusal because of the data is an answer; any other error is thrown. */
async function runOnce(deps: PipelineDeps, trigger: RunTrigger, work: Work, left: readonly Piece[]): Promise<Ran> {
  const started = await openRun(deps, { kind: 'stages', source: '', trigger });
  const { warehouse, project, rules } = deps;
  const { runNo } = started;
  const batches = work.batches.map(({ batch }) => batch);
  const shareSize = deps.shareSize ?? usualShareSize;
  const scope = { batches, all: work.all, since: work.since, leftOut: left.map(leftOutOf) };
  let current = '';
  const onStage = (stage: string): void => {
    current = stage;
    deps.onStage?.(stage);
  };
  try {
    await throughStages({ warehouse, project, rules, runNo, shareSize, ...scope }, onStage);
  } catch (error) {
    await tellFailure(started, error, rowsOf(work));
    if (error instanceof LostTablesError) return runOnce(deps, trigger, work, left);
    if (isWarehouseError(error) && isFaultOfData(error)) return { runNo, refusal: { stage: current, error } };
    throw error;
  }
  await started.finish({ outcome: 'ok', rowsRead: rowsOf(work), rowsWritten: 0 });
  return { runNo };
}

async function throughStages(context: StageContext, onStage: (stage: string) => void): Promise<void> {
  for (const stage of stages) {
    onStage(stage.name);
    await stage.run(context);
  }
  await (await workTables(context)).checkKept();
}

async function tellFailure(started: Run, error: unknown, rows: number): Promise<void> {
  const detail = error instanceof Error ? error.message : String(error);
  // The failure itself is what the caller must hear of, even when it cannot be written down.
  await started
    .finish({ outcome: 'failed', reason: 'warehouse', detail, rowsRead: rows, rowsWritten: 0 })
    .catch(() => undefined);
}

async function markDone(deps: PipelineDeps, batches: readonly string[]): Promise<void> {
  if (batches.length === 0) return;
  await deps.warehouse.command(
    `INSERT INTO raw_batches (project, batch, kind, rows, loaded_at, done)
     SELECT project, batch, kind, rows, loaded_at, 1 FROM raw_batches FINAL
     WHERE project = {project:String} AND batch IN {batches:Array(String)}`,
    { project: deps.project, batches },
  );
}

/** Both rows of a batch go at once: were only the finished one gone, the batch would wait again. */
async function forgetDone(deps: PipelineDeps): Promise<void> {
  await deps.warehouse.command(
    `DELETE FROM raw_batches WHERE project = {project:String} AND batch IN (
       SELECT batch FROM raw_batches FINAL
       WHERE project = {project:String} AND done = 1 AND loaded_at < now() - INTERVAL 3 DAY)`,
    { project: deps.project },
  );
}

function underLock<T>(deps: PipelineDeps, work: () => Promise<T>): Promise<T> {
  const onWait = ({ pid, host }: LockHolder): void =>
    deps.log.info({ pid, host }, 'waiting for another run of the ETL to end');
  const lock = { path: etlLockPath(deps.dataDir), sleep: deps.sleep, onWait };
  return withLock({ ...lock, ...(deps.signal === undefined ? {} : { signal: deps.signal }) }, work);
}

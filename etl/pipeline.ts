import { etlLockPath, withLock } from './lock.ts';
import { openRun, type Run, type RunsDeps, type RunTrigger } from './runs.ts';
import { attribute } from './stages/attribute.ts';
import { clean } from './stages/clean.ts';
import { identify, keepLinks, openTouched } from './stages/identify.ts';
import { sessionise } from './stages/sessionise.ts';
import type { StageContext, StageRules } from './stages/stage-context.ts';

export interface PipelineDeps extends RunsDeps {
  readonly rules: StageRules;
  /** Told the name of each stage as it begins. */
  readonly onStage?: (stage: string) => void;
  /** Browsers or persons computed at a time: more is faster, less takes less memory. */
  readonly shareSize?: number;
}

export interface StagesOutcome {
  /** Raw batches taken; 0 when there was nothing new. */
  readonly batches: number;
  readonly rows: number;
}

/** Names of batches travel in the address of a request; more than this wait for the next round. */
const batchesPerRun = 400;

const usualShareSize = 50_000;

/** A batch that waited longer may have lost its list of browsers, which is kept for 30 days. */
const keptBrowserListsDays = 25;

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
  let total: StagesOutcome = { batches: 0, rows: 0 };
  for (;;) {
    const taken = await runStagesOnce(deps, trigger);
    if (taken.batches === 0) return total;
    total = { batches: total.batches + taken.batches, rows: total.rows + taken.rows };
  }
}

/** Computes every mart anew from raw data, in place: readers see the old rows until the new ones replace them. */
export async function rebuildAll(deps: PipelineDeps): Promise<StagesOutcome> {
  return underLock(deps, async () => {
    const waiting = await waitingBatches(deps);
    return inOneRun(deps, 'command', { batches: waiting, all: true });
  });
}

interface WaitingBatch {
  readonly batch: string;
  readonly rows: string;
  readonly age_days: number;
}

async function takeWaiting(deps: PipelineDeps, trigger: RunTrigger): Promise<StagesOutcome> {
  const batches = await waitingBatches(deps);
  if (batches.length === 0) return { batches: 0, rows: 0 };
  const stale = batches.some(({ age_days }) => age_days > keptBrowserListsDays);
  return inOneRun(deps, trigger, { batches, all: stale });
}

const waitingBatches = (deps: PipelineDeps): Promise<WaitingBatch[]> =>
  deps.warehouse.query<WaitingBatch>(
    `SELECT batch, rows, dateDiff('day', loaded_at, now()) AS age_days FROM raw_batches FINAL WHERE done = 0
     ORDER BY loaded_at, batch LIMIT {most:UInt32}`,
    { most: batchesPerRun },
  );

async function inOneRun(
  deps: PipelineDeps,
  trigger: RunTrigger,
  work: { batches: readonly WaitingBatch[]; all: boolean },
): Promise<StagesOutcome> {
  const started = await openRun(deps, { kind: 'stages', source: '', trigger });
  const rows = work.batches.reduce((sum, batch) => sum + Number(batch.rows), 0);
  try {
    const { warehouse, project, rules } = deps;
    const batches = work.batches.map(({ batch }) => batch);
    const shareSize = deps.shareSize ?? usualShareSize;
    await throughStages(deps, { warehouse, project, rules, runNo: started.runNo, batches, all: work.all, shareSize });
    await markDone(deps, batches);
  } catch (error) {
    await tellFailure(started, error, rows);
    throw error;
  }
  await started.finish({ outcome: 'ok', rowsRead: rows, rowsWritten: 0 });
  return { batches: work.batches.length, rows };
}

async function throughStages(deps: PipelineDeps, context: StageContext): Promise<void> {
  for (const stage of stages) {
    deps.onStage?.(stage.name);
    await stage.run(context);
  }
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
    'INSERT INTO raw_batches (batch, kind, rows, loaded_at, done) SELECT batch, kind, rows, loaded_at, 1 FROM raw_batches FINAL WHERE batch IN {batches:Array(String)}',
    { batches },
  );
}

function underLock<T>(deps: PipelineDeps, work: () => Promise<T>): Promise<T> {
  const onWait = (holder: { pid: number }): void =>
    deps.log.info({ pid: holder.pid }, 'waiting for another run of the ETL to end');
  const lock = { path: etlLockPath(deps.dataDir), sleep: deps.sleep, onWait };
  return withLock({ ...lock, ...(deps.signal === undefined ? {} : { signal: deps.signal }) }, work);
}

import { toInstant } from '../domain/time.ts';
import { announceForgotten } from './pull/announce-forgotten.ts';
import { batchPrefix, type PullDeps, type StreamPull } from './pull/context.ts';
import { saveCursor } from './pull/cursors.ts';
import { newVersions, type VersionOrder } from './pull/new-versions.ts';
import type { StreamCounts } from './pull/page-taker.ts';
import { keepRejected } from './pull/rejections.ts';
import { takeMapped } from './pull/to-raw-records.ts';
import { writeBatch } from './pull/write-batch.ts';
import { openRun, type Run, type RunTrigger } from './runs.ts';
import type { Mapped } from './source.ts';

export interface PushedRow {
  readonly mapped: Mapped;
  /** What it was read from. */
  readonly payload: unknown;
}

export interface PushTask {
  readonly sourceId: string;
  /** What brings it: `exchange`, `import`. */
  readonly stream: string;
  /** What a row that cannot be taken was to be, where the row itself does not say. */
  readonly entity: string;
  readonly trigger: RunTrigger;
  /** Default `arrival`. */
  readonly order?: VersionOrder;
}

/** Takes what a source brings by itself, or a user's file, batch by batch. */
export interface Push {
  write(rows: readonly PushedRow[]): Promise<void>;
  finish(failure?: string): Promise<StreamCounts>;
}

/** Opens a run for it, so that the state of the source tells when it last brought something. */
export async function openPush(deps: PullDeps, task: PushTask): Promise<Push> {
  await announceForgotten(deps, task.sourceId);
  const run = await openRun(deps, { kind: 'pull', source: task.sourceId, trigger: task.trigger });
  const pull: StreamPull = { deps, ...task, runNo: run.runNo, redact: (text) => text };
  const counts: StreamCounts = { rowsRead: 0, rowsWritten: 0, rejected: 0 };
  let batchNo = 0;
  return {
    write: async (rows) => {
      batchNo += 1;
      await takeBatch(pull, `${batchPrefix(pull)}${task.stream}-${run.runNo}-${batchNo}`, rows, counts, task.order);
    },
    finish: (failure) => close(pull, run, counts, failure),
  };
}

async function takeBatch(
  pull: StreamPull,
  batch: string,
  rows: readonly PushedRow[],
  counts: StreamCounts,
  order: VersionOrder | undefined,
): Promise<void> {
  const { records, problems } = takeMapped(pull, rows);
  const versions = await newVersions(pull, records, order);
  await writeBatch(pull, batch, versions);
  counts.rejected += await keepRejected(pull, problems, batch);
  counts.rowsRead += rows.length;
  counts.rowsWritten += versions.length;
}

async function close(
  pull: StreamPull,
  run: Run,
  counts: StreamCounts,
  failure: string | undefined,
): Promise<StreamCounts> {
  const { rowsRead, rowsWritten } = counts;
  if (failure === undefined) {
    await saveCursor(pull, { position: '', dataAsOf: toInstant(pull.deps.clock.now()) });
    await run.finish({ outcome: 'ok', rowsRead, rowsWritten });
  } else {
    await run.finish({ outcome: 'failed', reason: 'bad_data', detail: failure, rowsRead, rowsWritten });
  }
  return counts;
}

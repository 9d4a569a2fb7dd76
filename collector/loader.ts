import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../domain/time.ts';
import type { WarehouseLogger } from '../warehouse/logger.ts';
import { type LoadingWarehouse, loadSegment, toldSegments } from './load-segment.ts';
import { requeueRefused } from './spool/refused.ts';
import {
  closedSegments,
  closedSuffix,
  SpoolFileError,
  type SpoolStream,
  spoolStreams,
  waitingForDisk,
} from './spool/segment.ts';

export interface LoaderOptions {
  /** Whose rows the spool holds. */
  readonly project: string;
  /** Folder of the spool. */
  readonly dir: string;
  readonly warehouse: LoadingWarehouse;
  readonly logger: WarehouseLogger;
  readonly clock: Clock;
  /** Called after each pass that loaded something. */
  readonly onLoaded?: () => void;
  readonly pollMs?: number;
  /** First pause after a failure; it doubles up to `maxRetryMs`. */
  readonly retryMs?: number;
  readonly maxRetryMs?: number;
}

export interface Loader {
  start(): void;
  /** Ends after the segment in hand; the rest stays on disk for the next start. */
  stop(): Promise<void>;
  /** Loads every segment that is closed by now and can be read; false when the warehouse could not take them. */
  drain(): Promise<boolean>;
  stats(): LoaderStats;
}

export interface LoaderStats {
  /** Segments that are in the database, since the start. */
  readonly loaded: number;
  /** Attempts that did not succeed, since the start. */
  readonly failed: number;
}

const defaults = { pollMs: 200, retryMs: 500, maxRetryMs: 30_000 };

interface LoaderState extends LoaderOptions {
  readonly stopping: AbortSignal;
  readonly maxRetryMs: number;
  readonly told: Set<string>;
  /** Until when a path that could not be read is left alone. */
  readonly asideUntilMs: Map<string, number>;
  readonly counts: { loaded: number; failed: number };
}

/**
 * Takes closed segments to ClickHouse in their order, each exactly once: its name is the token of its insert. Whatever ails the
 * database is waited out; only rows that are themselves to blame are put aside, and tried again at every start. A file that cannot be
 * read holds up no other.
 */
export function createLoader(options: LoaderOptions): Loader {
  const { pollMs, retryMs, maxRetryMs } = { ...defaults, ...options };
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let pass: Promise<boolean> = Promise.resolve(true);
  const asideUntilMs = new Map<string, number>();
  let requeued: Promise<void> | undefined;
  let told: Set<string> | undefined;
  const counts = { loaded: 0, failed: 0 };

  const loadOnce = async (): Promise<boolean> => {
    requeued ??= requeue(options);
    await requeued;
    try {
      told ??= await toldSegments(options);
    } catch (error) {
      options.logger.warn({ problem: problemOf(error) }, 'the database does not answer yet, trying again');
      return false;
    }
    return loadAll({ ...options, maxRetryMs, stopping: stopping.signal, told, asideUntilMs, counts });
  };
  const nextPass = (): Promise<boolean> => {
    pass = pass.then(loadOnce);
    return pass;
  };
  const run = async (): Promise<void> => {
    let pauseMs = retryMs;
    while (!stopping.signal.aborted) {
      const isDone = await nextPass();
      await delay(isDone ? pollMs : pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      pauseMs = isDone ? retryMs : Math.min(pauseMs * 2, maxRetryMs);
    }
  };
  return {
    start: () => {
      running = run();
    },
    stop: async () => {
      stopping.abort();
      await running;
      await pass;
    },
    drain: nextPass,
    stats: () => ({ ...counts }),
  };
}

const problemOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function requeue({ dir, logger }: LoaderOptions): Promise<void> {
  try {
    const segments = await requeueRefused(dir);
    if (segments.length > 0) logger.info({ segments }, 'what ClickHouse refused before is tried again');
  } catch (error) {
    logger.error({ error: String(error) }, 'what ClickHouse refused before cannot be tried again');
  }
}

type Outcome = 'done' | 'aside' | 'unavailable';

async function loadAll(state: LoaderState): Promise<boolean> {
  const before = state.counts.loaded;
  let isAvailable = true;
  for (const stream of spoolStreams) {
    for (const segment of await listSegments(state, stream)) {
      if (!isAvailable || state.stopping.aborted) break;
      const path = join(state.dir, stream, segment + closedSuffix);
      const outcome = await attempt(state, path, () => loadSegment({ ...state, stream, segment }));
      isAvailable = outcome !== 'unavailable';
      if (outcome === 'done') state.counts.loaded += 1;
    }
  }
  if (state.counts.loaded > before) state.onLoaded?.();
  return isAvailable;
}

async function listSegments(state: LoaderState, stream: SpoolStream): Promise<string[]> {
  const folder = join(state.dir, stream);
  let names: string[] = [];
  await attempt(state, folder, async () => {
    names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw new SpoolFileError(error.message);
    });
  });
  return closedSegments(names);
}

/** What the disk refuses is of this path alone, which is left for a while; whatever else goes wrong is waited out. */
async function attempt(state: LoaderState, path: string, work: () => Promise<void>): Promise<Outcome> {
  const { asideUntilMs, clock, logger, maxRetryMs } = state;
  const waitMs = (asideUntilMs.get(path) ?? 0) - clock.now();
  // A longer wait than was ever set: the clock was set back.
  if (waitMs > 0 && waitMs <= maxRetryMs) return 'aside';
  try {
    await work();
    asideUntilMs.delete(path);
    return 'done';
  } catch (error) {
    state.counts.failed += 1;
    const problem = problemOf(error);
    if (!(error instanceof SpoolFileError)) {
      logger.warn({ file: path, problem }, 'a segment is not loaded yet, trying again');
      return 'unavailable';
    }
    asideUntilMs.set(path, clock.now() + maxRetryMs);
    logger.error({ file: path, problem }, `${waitingForDisk} in ${maxRetryMs / 1000} s`);
    return 'aside';
  }
}

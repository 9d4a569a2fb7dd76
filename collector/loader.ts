import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../domain/time.ts';
import type { WarehouseLogger } from '../warehouse/logger.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { loadSegment } from './load-segment.ts';
import { requeueRefused } from './spool/refused.ts';
import { closedSegments, closedSuffix, type SpoolStream, spoolStreams } from './spool/segment.ts';

export interface LoaderOptions {
  /** Whose rows the spool holds. */
  readonly project: string;
  /** Folder of the spool. */
  readonly dir: string;
  readonly warehouse: Pick<Warehouse, 'insertLines' | 'insertRows' | 'command'>;
  readonly logger: WarehouseLogger;
  readonly clock: Clock;
  /** Called after each pass that loaded something. */
  readonly onLoaded?: () => void;
  readonly pollMs?: number;
  /** First pause after a failure; it doubles up to `maxRetryMs`. */
  readonly retryMs?: number;
  readonly maxRetryMs?: number;
}

/** How far the warehouse is behind the disk. */
export interface LoaderLag {
  readonly segments: number;
  readonly bytes: number;
  /** Age of the oldest closed segment; 0 when none waits. */
  readonly oldestMs: number;
}

export interface Loader {
  start(): void;
  /** Ends after the segment in hand; the rest stays on disk for the next start. */
  stop(): Promise<void>;
  /** Loads every segment that is closed by now; true when none is left, false when the warehouse could not take them. */
  drain(): Promise<boolean>;
  lag(): Promise<LoaderLag>;
}

const defaults = { pollMs: 200, retryMs: 500, maxRetryMs: 30_000 };

interface LoaderState extends LoaderOptions {
  readonly stopping: AbortSignal;
  /** Segments that were refused before this process began, and are tried again. */
  readonly requeued: ReadonlySet<string>;
}

/**
 * Takes closed segments to ClickHouse in their order, each exactly once: its name is the token of its insert. Whatever ails the
 * database is waited out; only rows that are themselves to blame are put aside, and tried again at every start.
 */
export function createLoader(options: LoaderOptions): Loader {
  const { pollMs, retryMs, maxRetryMs } = { ...defaults, ...options };
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let pass: Promise<boolean> = Promise.resolve(true);
  let requeued: Promise<ReadonlySet<string>> | undefined;

  const loadOnce = async (): Promise<boolean> => {
    requeued ??= requeue(options);
    return loadAll({ ...options, stopping: stopping.signal, requeued: await requeued });
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
    lag: () => measureLag(options),
  };
}

async function requeue({ dir, logger }: LoaderOptions): Promise<ReadonlySet<string>> {
  try {
    const segments = await requeueRefused(dir);
    if (segments.length > 0) logger.info({ segments }, 'what ClickHouse refused before is tried again');
    return new Set(segments);
  } catch (error) {
    logger.error({ error: String(error) }, 'what ClickHouse refused before cannot be tried again');
    return new Set();
  }
}

async function loadAll(state: LoaderState): Promise<boolean> {
  let loaded = 0;
  let isAvailable = true;
  for (const stream of spoolStreams) {
    for (const segment of await listSegments(state.dir, stream)) {
      if (!isAvailable || state.stopping.aborted) break;
      isAvailable = await takeSegment(state, stream, segment);
      if (isAvailable) loaded += 1;
    }
  }
  if (loaded > 0) state.onLoaded?.();
  return isAvailable;
}

/** False when the database cannot take it now. */
async function takeSegment(state: LoaderState, stream: SpoolStream, segment: string): Promise<boolean> {
  const { project, dir, warehouse, logger, requeued } = state;
  try {
    await loadSegment({ project, dir, warehouse, logger, stream, segment, wasRefused: requeued.has(segment) });
    return true;
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    logger.warn({ segment, problem }, 'a segment is not loaded yet, trying again');
    return false;
  }
}

async function listSegments(dir: string, stream: SpoolStream): Promise<string[]> {
  return closedSegments(await readdir(join(dir, stream)).catch(() => []));
}

export async function measureLag({ dir, clock }: Pick<LoaderOptions, 'dir' | 'clock'>): Promise<LoaderLag> {
  const paths: string[] = [];
  for (const stream of spoolStreams) {
    for (const segment of await listSegments(dir, stream)) paths.push(join(dir, stream, segment + closedSuffix));
  }
  const found = (await Promise.all(paths.map((path) => stat(path).catch(() => undefined)))).filter((one) => one);
  const oldestAt = Math.min(...found.map((one) => one?.mtimeMs ?? Number.POSITIVE_INFINITY));
  return {
    segments: found.length,
    bytes: found.reduce((sum, one) => sum + (one?.size ?? 0), 0),
    oldestMs: found.length === 0 ? 0 : Math.max(0, clock.now() - oldestAt),
  };
}

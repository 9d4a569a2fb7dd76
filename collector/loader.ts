import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../domain/time.ts';
import type { WarehouseLogger } from '../warehouse/logger.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { isWarehouseError } from '../warehouse/warehouse-error.ts';
import { closedSegments, closedSuffix, type SpoolStream, spoolStreams } from './spool/segment.ts';

export interface LoaderOptions {
  /** Whose rows the spool holds. */
  readonly project: string;
  /** Folder of the spool. */
  readonly dir: string;
  readonly warehouse: Pick<Warehouse, 'insertLines' | 'insertRows'>;
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

const tableOf: Record<SpoolStream, string> = { events: 'raw_events', records: 'raw_records', rejected: 'rejected' };
const refusedFolder = 'refused';
const defaults = { pollMs: 200, retryMs: 500, maxRetryMs: 30_000 };

type Outcome = 'loaded' | 'refused' | 'unavailable';

/** A refusal that is not about the data may pass, so it must repeat before a segment is put aside. */
const maxRefusals = 5;

interface LoaderState extends LoaderOptions {
  readonly stopping: AbortSignal;
  /** The segment at the head of the queue that ClickHouse refused, and how often. */
  readonly refusals: Map<string, number>;
}

/** Takes closed segments to ClickHouse in their order, each exactly once: its name is the token of its insert. */
export function createLoader(options: LoaderOptions): Loader {
  const { pollMs, retryMs, maxRetryMs } = { ...defaults, ...options };
  const stopping = new AbortController();
  const state: LoaderState = { ...options, stopping: stopping.signal, refusals: new Map() };
  let running: Promise<void> = Promise.resolve();
  let pass: Promise<boolean> = Promise.resolve(true);

  const nextPass = (): Promise<boolean> => {
    pass = pass.then(() => loadAll(state));
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

async function loadAll(state: LoaderState): Promise<boolean> {
  let loaded = 0;
  let isAvailable = true;
  for (const stream of spoolStreams) {
    for (const segment of await listSegments(state.dir, stream)) {
      if (!isAvailable || state.stopping.aborted) break;
      const outcome = await loadSegment(state, stream, segment);
      isAvailable = outcome !== 'unavailable';
      if (outcome === 'loaded') loaded += 1;
    }
  }
  if (loaded > 0) state.onLoaded?.();
  return isAvailable;
}

async function loadSegment(state: LoaderState, stream: SpoolStream, segment: string): Promise<Outcome> {
  const { project, dir, warehouse, logger } = state;
  const path = join(dir, stream, segment + closedSuffix);
  try {
    const rows = await insertSegment(warehouse, stream, segment, path);
    if (stream !== 'rejected')
      await warehouse.insertRows('raw_batches', [{ project, batch: segment, kind: stream, rows }], segment);
    await unlink(path);
    return 'loaded';
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    if (isRefusal(state, segment, error)) {
      await refuse(dir, path, segment);
      logger.error({ segment, problem }, 'ClickHouse refused a segment; it is kept in the folder spool/refused');
      return 'refused';
    }
    logger.warn({ segment, problem }, 'a segment is not loaded yet, trying again');
    return 'unavailable';
  }
}

function isRefusal({ refusals }: LoaderState, segment: string, error: unknown): boolean {
  if (!isWarehouseError(error)) return false;
  if (error.kind === 'bad-data') return true;
  if (error.kind !== 'rejected') return false;
  const count = (refusals.get(segment) ?? 0) + 1;
  refusals.clear();
  refusals.set(segment, count);
  return count >= maxRefusals;
}

async function insertSegment(
  warehouse: LoaderOptions['warehouse'],
  stream: SpoolStream,
  segment: string,
  path: string,
): Promise<number> {
  let rows = 0;
  const countRows = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (let at = chunk.indexOf(0x0a); at !== -1; at = chunk.indexOf(0x0a, at + 1)) rows += 1;
      done(null, chunk);
    },
  });
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  file.on('error', (error) => countRows.destroy(error));
  try {
    await warehouse.insertLines(tableOf[stream], file.pipe(countRows), segment);
    return rows;
  } finally {
    file.destroy();
  }
}

async function refuse(dir: string, path: string, segment: string): Promise<void> {
  await mkdir(join(dir, refusedFolder), { recursive: true });
  await rename(path, join(dir, refusedFolder, segment + closedSuffix));
}

async function listSegments(dir: string, stream: SpoolStream): Promise<string[]> {
  return closedSegments(await readdir(join(dir, stream)).catch(() => []));
}

async function measureLag({ dir, clock }: LoaderOptions): Promise<LoaderLag> {
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

import { join } from 'node:path';
import { isWarehouseError } from '../warehouse/warehouse-error.ts';
import { SourceError } from './errors.ts';
import { createHttpClient, type HttpClient } from './http.ts';
import { withLock } from './lock.ts';
import { announceForgotten } from './pull/announce-forgotten.ts';
import type { ConfiguredSource, PullDeps } from './pull/context.ts';
import type { StreamCounts } from './pull/page-taker.ts';
import { pullStream } from './pull/pull-stream.ts';
import { createRateLimiter } from './rate-limit.ts';
import { redactingLogger, redactor } from './redact.ts';
import { closeInterruptedRuns, openRun, type RunFailure, type RunTrigger } from './runs.ts';
import type { Stream } from './source.ts';

export type { ConfiguredSource, PullDeps, PullProgress, PullRetry } from './pull/context.ts';

export interface PullOptions {
  readonly trigger: RunTrigger;
  /** Local day (`2026-01-31`) from which to read again, whatever was read before. */
  readonly since?: string;
}

export interface StreamResult extends Readonly<StreamCounts> {
  readonly stream: string;
  readonly failure?: PullFailure;
}

export interface PullFailure {
  readonly reason: RunFailure;
  /** In plain words, without secrets. */
  readonly detail: string;
}

export interface PullResult {
  readonly source: string;
  readonly runNo: number;
  readonly outcome: 'ok' | 'failed';
  readonly rowsRead: number;
  readonly rowsWritten: number;
  readonly rejected: number;
  readonly streams: readonly StreamResult[];
}

/**
 * Reads everything new of one source into `raw_records`. A stream that fails does not stop the others; the run is then
 * failed with the first reason. One pull of a source at a time: a second one waits. Throws only when the warehouse or the
 * data folder cannot be used at all.
 */
export function pullSource(deps: PullDeps, source: ConfiguredSource, options: PullOptions): Promise<PullResult> {
  const lock = {
    path: join(deps.dataDir, `pull-${source.id}.lock`),
    sleep: deps.sleep,
    onWait: ({ pid }: { pid: number }) =>
      deps.log.info({ source: source.id, pid }, 'waiting for another pull of this source to end'),
    ...(deps.signal === undefined ? {} : { signal: deps.signal }),
  };
  return withLock(lock, () => runPull(deps, source, options));
}

async function runPull(deps: PullDeps, source: ConfiguredSource, options: PullOptions): Promise<PullResult> {
  await closeInterruptedRuns(deps, source.id);
  await announceForgotten(deps, source.id);
  const run = await openRun(deps, { kind: 'pull', source: source.id, trigger: options.trigger });
  const streams = await pullStreams(deps, source, { runNo: run.runNo, since: options.since });
  const failed = streams.filter((stream) => stream.failure !== undefined);
  const result: PullResult = {
    source: source.id,
    runNo: run.runNo,
    outcome: failed.length === 0 ? 'ok' : 'failed',
    rowsRead: sum(streams, 'rowsRead'),
    rowsWritten: sum(streams, 'rowsWritten'),
    rejected: sum(streams, 'rejected'),
    streams,
  };
  const reason = failed[0]?.failure?.reason;
  await run.finish({
    ...result,
    ...(reason === undefined ? {} : { reason }),
    detail: failed.map(({ stream, failure }) => `${stream}: ${failure?.detail}`).join('\n'),
  });
  return result;
}

type RunFacts = { readonly runNo: number; readonly since: string | undefined };

async function pullStreams(deps: PullDeps, source: ConfiguredSource, run: RunFacts): Promise<StreamResult[]> {
  const secrets = source.definition.secrets(source.settings);
  const redact = redactor(secrets);
  const signal = deps.signal ?? new AbortController().signal;
  const http = httpOf(deps, source, secrets);
  const results: StreamResult[] = [];
  try {
    for (const stream of source.definition.streams) {
      const counts: StreamCounts = { rowsRead: 0, rowsWritten: 0, rejected: 0 };
      const failure = await failureOf(deps, { source, stream, signal, redact }, () =>
        pullStream({ deps, source, stream, http, redact, signal, ...run }, counts),
      );
      results.push({ stream: stream.name, ...counts, ...(failure === undefined ? {} : { failure }) });
    }
  } finally {
    await http.close();
  }
  return results;
}

function httpOf(deps: PullDeps, source: ConfiguredSource, secrets: readonly string[]): HttpClient {
  return createHttpClient({
    clock: deps.clock,
    sleep: deps.sleep,
    random: deps.random,
    limiter: createRateLimiter(source.definition.rate(source.settings), deps.clock, deps.sleep),
    log: redactingLogger(deps.log, redactor(secrets)),
    secrets,
    ...(deps.signal === undefined ? {} : { signal: deps.signal }),
    ...(deps.backOff === undefined ? {} : { backOff: deps.backOff }),
    onRetry: (retry) => deps.onRetry?.({ ...retry, source: source.id }),
  });
}

interface Place {
  readonly source: ConfiguredSource;
  readonly stream: Stream<unknown>;
  readonly signal: AbortSignal;
  readonly redact: (text: string) => string;
}

async function failureOf(deps: PullDeps, place: Place, work: () => Promise<void>): Promise<PullFailure | undefined> {
  try {
    place.signal.throwIfAborted();
    await work();
    return undefined;
  } catch (error) {
    const failure = describeFailure(error, place);
    const level = failure.reason === 'aborted' ? 'info' : 'error';
    deps.log[level](
      { source: place.source.id, stream: place.stream.name, ...failure, ...stackOfBug(error, failure, place.redact) },
      'a stream could not be read',
    );
    return failure;
  }
}

function describeFailure(error: unknown, { signal, redact }: Place): PullFailure {
  if (signal.aborted) return { reason: 'aborted', detail: 'stopped before the end; the next run goes on from here' };
  const detail = redact(error instanceof Error ? error.message : String(error));
  if (error instanceof SourceError) return { reason: error.kind, detail };
  return { reason: isWarehouseError(error) ? 'warehouse' : 'internal', detail };
}

const stackOfBug = (error: unknown, failure: PullFailure, redact: (text: string) => string): { stack?: string } =>
  failure.reason === 'internal' && error instanceof Error ? { stack: redact(error.stack ?? '') } : {};

const sum = (streams: readonly StreamResult[], field: keyof StreamCounts): number =>
  streams.reduce((total, stream) => total + stream[field], 0);

import { toInstant } from '../../domain/time.ts';
import type { HttpClient } from '../http.ts';
import { redactingLogger } from '../redact.ts';
import type { MapContext, ReadContext, Stream } from '../source.ts';
import type { ConfiguredSource, PullDeps, StreamPull } from './context.ts';
import { readCursor } from './cursors.ts';
import { PageTaker, type StreamCounts } from './page-taker.ts';

export interface StreamTask {
  readonly deps: PullDeps;
  readonly source: ConfiguredSource;
  readonly stream: Stream<unknown>;
  readonly http: HttpClient;
  readonly redact: (text: string) => string;
  readonly runNo: number;
  /** Local day from which to read again. */
  readonly since: string | undefined;
  readonly signal: AbortSignal;
}

/** Reads one stream to its end. `counts` grows page by page, so that a failure half way still tells what was done. */
export async function pullStream(task: StreamTask, counts: StreamCounts): Promise<void> {
  const { deps, source, stream } = task;
  const startedAt = toInstant(deps.clock.now());
  const pull: StreamPull = {
    deps,
    sourceId: source.id,
    stream: stream.name,
    entity: stream.entity,
    runNo: task.runNo,
    redact: task.redact,
  };
  const cursor = await readCursor(pull);
  const taker = new PageTaker(pull, stream, { map: mapContext(task), cursor, counts });
  for await (const page of stream.read(readContext(task, cursor.position))) {
    await taker.take(page);
    task.signal.throwIfAborted();
  }
  await taker.finish(startedAt);
}

const mapContext = ({ source, deps }: StreamTask): MapContext<unknown> => ({
  settings: source.settings,
  sourceId: source.id,
  timezone: deps.timezone,
  currency: deps.currency,
  lookups: undefined,
});

const readContext = (task: StreamTask, position: string): ReadContext<unknown> => ({
  settings: task.source.settings,
  sourceId: task.source.id,
  cursor: position === '' ? undefined : position,
  since: task.since,
  clock: task.deps.clock,
  sleep: (ms) => task.deps.sleep(ms, task.signal),
  http: task.http,
  timezone: task.deps.timezone,
  log: redactingLogger(task.deps.log, task.redact),
  signal: task.signal,
});

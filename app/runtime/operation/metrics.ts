import { Counter, Gauge, Registry } from 'prom-client';
import type { HotPathStats } from '../../../collector/hot-path.ts';
import type { LoaderStats } from '../../../collector/loader.ts';
import type { SpoolLag } from '../../../collector/spool/lag.ts';
import type { StageLoopStats } from '../stage-loop.ts';
import { histogramText } from './histogram-text.ts';

/** A process that takes events. */
export interface TakingProcess {
  /** `main` or `worker-1`. */
  readonly process: string;
  readonly stats: HotPathStats;
  readonly residentBytes: number;
}

/** Everything that is told to Prometheus, as it stands. Parts of roles that this installation does not have are left out. */
export interface Figures {
  readonly nowMs: number;
  readonly processes: readonly TakingProcess[];
  readonly workers?: { readonly wanted: number; readonly open: number };
  readonly spools: readonly { readonly spool: string; readonly lag: SpoolLag }[];
  readonly diskFreeBytes: number | undefined;
  readonly loader?: LoaderStats;
  readonly stages?: StageLoopStats;
}

type Labels = Readonly<Record<string, string>>;
type Value = readonly [labels: Labels, value: number];

/** The figures in the text format of Prometheus. https://prometheus.io/docs/instrumenting/exposition_formats/ */
export async function metricsText(figures: Figures): Promise<string> {
  const registry = new Registry();
  addProcesses(registry, figures);
  addSpools(registry, figures);
  addLater(registry, figures);
  const flushes = figures.processes.map(({ process, stats }) => ({ process, histogram: stats.spool.flushes }));
  const help = 'Seconds that the disk took for each group of lines until they were safe';
  return `${await registry.metrics()}\n${histogramText('throughline_spool_flush_seconds', help, flushes)}`;
}

export const metricsContentType = Registry.PROMETHEUS_CONTENT_TYPE;

/** Counts are kept where they are counted; here they are only written down. Without a value there is nothing to tell. */
function counter(registry: Registry, name: string, help: string, values: readonly Value[]): void {
  if (values.length === 0) return;
  const metric = new Counter({ name, help, labelNames: labelsOf(values), registers: [registry] });
  for (const [labels, value] of values) metric.inc(labels, value);
}

function gauge(registry: Registry, name: string, help: string, values: readonly Value[]): void {
  if (values.length === 0) return;
  const metric = new Gauge({ name, help, labelNames: labelsOf(values), registers: [registry] });
  for (const [labels, value] of values) metric.set(labels, value);
}

const labelsOf = (values: readonly Value[]): string[] => Object.keys(values[0]?.[0] ?? {});

function addProcesses(registry: Registry, { processes, workers }: Figures): void {
  const each = (figureOf: (one: TakingProcess) => number): Value[] =>
    processes.map((one) => [{ process: one.process }, figureOf(one)]);
  const requests = processes.flatMap(({ process, stats }) =>
    Object.entries({ taken: 0, ...stats.requests }).map(([outcome, count]): Value => [{ process, outcome }, count]),
  );
  const lines = processes.flatMap(({ process, stats }) =>
    Object.entries(stats.spool.lines).map(([stream, count]): Value => [{ process, stream }, count]),
  );
  counter(
    registry,
    'throughline_collect_requests_total',
    'Requests for events and the pixel by how they ended',
    requests,
  );
  const accepted = 'Lines that are safe on disk: events, records of other systems, and what was rejected';
  counter(registry, 'throughline_accepted_total', accepted, lines);
  const unsynced = 'Bytes taken that are not on disk yet';
  gauge(
    registry,
    'throughline_unsynced_bytes',
    unsynced,
    each(({ stats }) => stats.spool.pendingBytes),
  );
  const memory = 'Memory of the process';
  gauge(
    registry,
    'throughline_resident_memory_bytes',
    memory,
    each(({ residentBytes }) => residentBytes),
  );
  if (workers === undefined) return;
  gauge(registry, 'throughline_workers', 'Processes that are to take events', [[{}, workers.wanted]]);
  gauge(registry, 'throughline_workers_open', 'Processes that take events', [[{}, workers.open]]);
}

function addSpools(registry: Registry, { spools, nowMs, diskFreeBytes, loader }: Figures): void {
  const each = (figureOf: (lag: SpoolLag) => number): Value[] =>
    spools.map(({ spool, lag }) => [{ spool }, figureOf(lag)]);
  const ageSeconds = ({ sinceMs = nowMs }: SpoolLag): number => Math.max(0, nowMs - sinceMs) / 1000;
  gauge(
    registry,
    'throughline_spool_waiting_bytes',
    'Bytes on disk that the database does not have',
    each(({ bytes }) => bytes),
  );
  gauge(
    registry,
    'throughline_spool_waiting_segments',
    'Files with them',
    each(({ segments }) => segments),
  );
  gauge(registry, 'throughline_spool_oldest_seconds', 'Age of the oldest of them; 0: none waits', each(ageSeconds));
  if (diskFreeBytes !== undefined)
    gauge(registry, 'throughline_disk_free_bytes', 'Free on the disk of the data folder', [[{}, diskFreeBytes]]);
  if (loader === undefined) return;
  counter(registry, 'throughline_segments_loaded_total', 'Files that the database took', [[{}, loader.loaded]]);
  counter(registry, 'throughline_segment_failures_total', 'Attempts that did not succeed', [[{}, loader.failed]]);
}

function addLater(registry: Registry, { stages, nowMs }: Figures): void {
  if (stages === undefined) return;
  const { done, failed, lastSeconds, ageFromMs } = stages;
  counter(registry, 'throughline_stage_runs_total', 'Runs that computed something, or failed', [
    [{ outcome: 'done' }, done],
    [{ outcome: 'failed' }, failed],
  ]);
  gauge(registry, 'throughline_stage_last_run_seconds', 'How long the last one took', [[{}, lastSeconds]]);
  const age = Math.max(0, nowMs - ageFromMs) / 1000;
  const help = 'Since a run last ended well, also one with nothing to do; until one does, since the start';
  gauge(registry, 'throughline_stage_age_seconds', help, [[{}, age]]);
}

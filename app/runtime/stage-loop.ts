import { setTimeout as delay } from 'node:timers/promises';
import { type PipelineDeps, runStagesOnce } from '../../etl/pipeline.ts';
import type { Logger } from './logger.ts';

export interface StageLoop {
  /** Something was loaded: the marts are brought up to date soon. */
  poke(): void;
  /** Resolves when the run under way has ended; none starts after. */
  stop(): Promise<void>;
  stats(): StageLoopStats;
}

/** What the loop did since its start; a run that found nothing is none. */
export interface StageLoopStats {
  readonly done: number;
  readonly failed: number;
  /** Of the last one that took something. */
  readonly lastSeconds: number;
  /** When a run last ended well, with or without anything to take; until one does, when the loop started. */
  readonly ageFromMs: number;
}

/** Looks for what other processes loaded this often. */
const lookMs = 2_000;
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

/** Under load the stages rest four times as long as they ran, so that collecting keeps most of the machine; never longer than this. */
const restPerRun = 4;
const longestRestMs = 6_000;

/** Runs the stages whenever something was loaded. A failed run is tried again with growing pauses: what waits stays queued in the database. */
export function startStageLoop(deps: PipelineDeps, logger: Logger): StageLoop {
  const stopping = new AbortController();
  let wake: () => void = () => {};
  let isPoked = true;
  let stats: StageLoopStats = { done: 0, failed: 0, lastSeconds: 0, ageFromMs: deps.clock.now() };

  const waitForPoke = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, isPoked ? 0 : ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const rest = (ms: number): Promise<void> => delay(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  const loop = async (): Promise<void> => {
    let pauseMs = firstPauseMs;
    while (!stopping.signal.aborted) {
      isPoked = false;
      const run = await runOnce(deps, logger);
      stats = withRun(stats, run, deps.clock.now());
      pauseMs = run.isDone ? firstPauseMs : Math.min(pauseMs * 2, longestPauseMs);
      if (!run.isDone) await rest(pauseMs);
      else if (run.batches > 0) await rest(Math.min(run.tookMs * restPerRun, longestRestMs));
      else await waitForPoke(lookMs);
    }
  };
  const running = loop();
  return {
    stats: () => stats,
    poke: () => {
      isPoked = true;
      wake();
    },
    stop: async () => {
      stopping.abort();
      wake();
      await running;
    },
  };
}

interface LoopRun {
  /** False: it failed, and what waited waits still. */
  readonly isDone: boolean;
  readonly batches: number;
  readonly tookMs: number;
}

function withRun(stats: StageLoopStats, { isDone, batches, tookMs }: LoopRun, nowMs: number): StageLoopStats {
  if (!isDone) return { ...stats, failed: stats.failed + 1 };
  if (batches === 0) return { ...stats, ageFromMs: nowMs };
  return { done: stats.done + 1, failed: stats.failed, lastSeconds: tookMs / 1000, ageFromMs: nowMs };
}

async function runOnce(deps: PipelineDeps, logger: Logger): Promise<LoopRun> {
  const startedMs = performance.now();
  try {
    const { batches } = await runStagesOnce(deps, 'arrival');
    return { isDone: true, batches, tookMs: performance.now() - startedMs };
  } catch (error) {
    // Cut short because we stop: what waits stays queued in the database.
    const isStopping = deps.signal?.aborted === true;
    if (!isStopping) {
      logger.error(
        { error: error instanceof Error ? error.message : String(error) },
        'the stages failed; they will be tried again',
      );
    }
    return { isDone: isStopping, batches: 0, tookMs: performance.now() - startedMs };
  }
}

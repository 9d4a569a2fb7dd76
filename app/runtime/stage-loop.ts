import { type PipelineDeps, runStages } from '../../etl/pipeline.ts';
import type { Logger } from './logger.ts';

export interface StageLoop {
  /** Something was loaded: the marts are brought up to date soon. */
  poke(): void;
  /** Resolves when the run under way has ended; none starts after. */
  stop(): Promise<void>;
}

/** Looks for what other processes loaded this often. */
const lookMs = 2_000;
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

/** Runs the stages whenever something was loaded. A failed run is tried again with growing pauses: what waits stays queued in the database. */
export function startStageLoop(deps: PipelineDeps, logger: Logger): StageLoop {
  const stopping = new AbortController();
  let wake: () => void = () => {};
  let isPoked = true;

  const waitFor = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, isPoked ? 0 : ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const loop = async (): Promise<void> => {
    let pauseMs = firstPauseMs;
    while (!stopping.signal.aborted) {
      isPoked = false;
      const isDone = await runOnce(deps, logger);
      pauseMs = isDone ? firstPauseMs : Math.min(pauseMs * 2, longestPauseMs);
      if (!stopping.signal.aborted) await waitFor(isDone ? lookMs : pauseMs);
    }
  };
  const running = loop();
  return {
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

async function runOnce(deps: PipelineDeps, logger: Logger): Promise<boolean> {
  try {
    await runStages(deps, 'arrival');
    return true;
  } catch (error) {
    // Cut short because we stop: what waits stays queued in the database.
    if (deps.signal?.aborted) return true;
    logger.error(
      { error: error instanceof Error ? error.message : String(error) },
      'the stages failed; they will be tried again',
    );
    return false;
  }
}

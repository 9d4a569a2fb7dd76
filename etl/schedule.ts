import { Cron } from 'croner';
import type { Clock } from '../domain/time.ts';
import type { Logger } from './logger.ts';
import type { RunTrigger } from './runs.ts';

/** Calls once after a time; the answer cancels it. Injected, so that tests hold time. */
export type After = (ms: number, work: () => void) => () => void;

export const systemAfter: After = (ms, work) => {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
};

export interface ScheduleDeps {
  readonly clock: Clock;
  readonly after: After;
  /** The project's zone: `0 3 * * *` is three in the morning there. */
  readonly timezone: string;
  readonly log: Logger;
  /** When the last successful run of each source began, milliseconds. */
  readonly lastSuccess: () => Promise<ReadonlyMap<string, number>>;
  /** Reads one source. Its failure is logged here and the schedule goes on. */
  readonly run: (sourceId: string, trigger: RunTrigger) => Promise<void>;
}

export interface ScheduledSource {
  readonly id: string;
  /** Cron pattern of five or six fields. Without one the source is left to commands. */
  readonly schedule?: string;
}

export interface Schedule {
  /** No run starts after this; resolves when those under way have ended. */
  stop(): Promise<void>;
}

// Longer timers overflow, and a laptop that slept would be late by all of it.
const longestWaitMs = 60 * 60_000;

export function isCronPattern(pattern: string): boolean {
  try {
    new Cron(pattern, { paused: true }).stop();
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs each source by its own schedule. A source that missed its last due time, because nothing ran then or because the
 * run failed, is read at once. A source never overlaps itself: what falls due during its run is skipped.
 */
export async function startSchedule(deps: ScheduleDeps, sources: readonly ScheduledSource[]): Promise<Schedule> {
  const lastSuccess = await deps.lastSuccess();
  const lines = sources.flatMap(({ id, schedule }) =>
    schedule === undefined ? [] : [new ScheduleLine(deps, id, schedule)],
  );
  for (const line of lines) line.start(lastSuccess.get(line.sourceId));
  return {
    stop: async () => {
      await Promise.all(lines.map((line) => line.stop()));
    },
  };
}

/** The schedule of one source. */
class ScheduleLine {
  readonly sourceId: string;
  readonly #deps: ScheduleDeps;
  readonly #cron: Cron;
  #cancel: () => void = () => {};
  #running: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(deps: ScheduleDeps, sourceId: string, pattern: string) {
    this.sourceId = sourceId;
    this.#deps = deps;
    this.#cron = new Cron(pattern, { paused: true, timezone: deps.timezone });
  }

  start(lastSuccessMs: number | undefined): void {
    const lastDue = this.#cron.previousRuns(1, new Date(this.#deps.clock.now()))[0];
    const isMissed = lastSuccessMs === undefined || (lastDue !== undefined && lastSuccessMs < lastDue.getTime());
    if (isMissed) this.#run('catch_up');
    else this.#waitForNext();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    this.#cron.stop();
    await this.#running;
  }

  #waitForNext(): void {
    const next = this.#cron.nextRun(new Date(this.#deps.clock.now()));
    if (next !== null) this.#waitUntil(next.getTime());
  }

  #waitUntil(dueMs: number): void {
    if (this.#isStopped) return;
    const waitMs = dueMs - this.#deps.clock.now();
    if (waitMs <= 0) this.#run('schedule');
    else this.#cancel = this.#deps.after(Math.min(waitMs, longestWaitMs), () => this.#waitUntil(dueMs));
  }

  #run(trigger: RunTrigger): void {
    this.#running = this.#deps
      .run(this.sourceId, trigger)
      .catch((error: unknown) => {
        this.#deps.log.error({ err: error, source: this.sourceId }, 'a scheduled run failed');
      })
      .then(() => this.#waitForNext());
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import { addStats, emptyStats, withoutPending } from '../../collector/add-stats.ts';
import type { HotPathStats } from '../../collector/hot-path.ts';
import type { Logger } from './logger.ts';
import type { VisitsNamed, WorkerPort, WorkerSettings } from './worker-messages.ts';
import {
  type Answering,
  type Opening,
  prepareWorkers,
  type WorkerEnd,
  WorkerEndedError,
  WorkerProcess,
} from './worker-process.ts';

export interface WorkersOptions extends WorkerPort {
  readonly count: number;
  readonly logger: Logger;
}

export interface CollectorWorkers {
  /** Lets the workers take events. Until then they hand them on. Throws DataFolderError when a spool cannot be opened. */
  open(answering: Answering, settingsOf: (slot: number) => WorkerSettings): Promise<void>;
  states(): readonly WorkerState[];
  /** What the workers acknowledged lies in closed segments when it resolves. */
  stop(): Promise<void>;
}

/** The place of a worker as it stands. */
export interface WorkerState {
  readonly slot: number;
  /** It takes events itself. */
  readonly isOpen: boolean;
  /** Of all that ever had this place: counts never go back. What one did in the second before it was killed is not in them. */
  readonly stats: HotPathStats;
  /** Memory of the one that has it now. */
  readonly residentBytes: number;
}

const firstPauseMs = 100;
const slowestPauseMs = 5_000;
const steadyAfterMs = 60_000;
const openAgainMs = 1_000;

/** Starts the processes that share the port. Throws ListenError when they cannot have it. */
export async function startCollectorWorkers(options: WorkersOptions): Promise<CollectorWorkers> {
  prepareWorkers();
  const slots = Array.from({ length: options.count }, (_, index) => new Slot(index + 1, options));
  const stop = async (): Promise<void> => void (await Promise.all(slots.map((slot) => slot.stop())));
  const starts = await Promise.allSettled(slots.map((slot) => slot.listen()));
  const failure = starts.find((start) => start.status === 'rejected');
  if (failure !== undefined) {
    await stop();
    throw failure.reason;
  }
  return {
    open: async ({ codeBlocks, callNumbers }, settingsOf) => {
      const openSlot = (slot: Slot): Promise<void> => {
        const others = slots.filter((other) => other !== slot);
        const tell = (named: VisitsNamed): void => {
          for (const other of others) other.learn(named);
        };
        const tellOthers = others.length === 0 ? undefined : tell;
        return slot.open({ codeBlocks, callNumbers, settings: settingsOf(slot.number), tellOthers });
      };
      await Promise.all(slots.map(openSlot));
    },
    states: () => slots.map((slot) => slot.state()),
    stop,
  };
}

/** The place of one worker: when it dies the next one takes it, and finds its spool. */
class Slot {
  readonly number: number;
  readonly #options: WorkersOptions;
  readonly #stopping = new AbortController();
  #process = new WorkerProcess();
  #pauseMs = firstPauseMs / 2;
  #kept: Promise<void> | undefined;
  /** Of those that ended. */
  #endedStats = emptyStats;

  constructor(number: number, options: WorkersOptions) {
    this.number = number;
    this.#options = options;
  }

  listen(): Promise<void> {
    return this.#process.listen(this.#options);
  }

  /** From then on there is always a worker, or soon another one. */
  async open(opening: Opening): Promise<void> {
    await this.#process.open(opening).catch(unlessEnded);
    this.#kept = this.#keep(opening);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#process.stop();
    await this.#kept;
  }

  learn(named: VisitsNamed): void {
    this.#process.learn(named);
  }

  state(): WorkerState {
    const { isOpen, stats } = this.#process;
    return {
      slot: this.number,
      isOpen,
      stats: addStats(this.#endedStats, stats ?? emptyStats),
      residentBytes: stats?.residentBytes ?? 0,
    };
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #keep(opening: Opening): Promise<void> {
    for (;;) {
      const end = await this.#process.ended;
      if (this.#isStopping) return;
      await this.#pauseAfter(end);
      if (this.#isStopping) return;
      this.#endedStats = withoutPending(addStats(this.#endedStats, this.#process.stats ?? emptyStats));
      this.#process = new WorkerProcess();
      await this.#begin(opening);
    }
  }

  /** One that dies again and again is replaced ever more slowly. */
  async #pauseAfter({ by, livedMs }: WorkerEnd): Promise<void> {
    this.#pauseMs = livedMs > steadyAfterMs ? firstPauseMs : Math.min(this.#pauseMs * 2, slowestPauseMs);
    this.#logError({ by, livedMs }, 'a collector worker ended unexpectedly; another takes its place');
    await this.#sleep(this.#pauseMs);
  }

  async #begin(opening: Opening): Promise<void> {
    try {
      await this.#process.listen(this.#options);
    } catch (error) {
      this.#logError({ error: String(error) }, 'a collector worker cannot listen');
      this.#process.kill();
      return;
    }
    await this.#openAtLast(opening);
  }

  /** A spool that cannot be opened now may be later; until then the main process takes the events that come to this worker. */
  async #openAtLast(opening: Opening): Promise<void> {
    let told: string | undefined;
    while (!this.#isStopping) {
      const problem = await this.#process.open(opening).then(() => undefined, problemOf);
      if (problem === undefined) return;
      if (problem !== told) this.#logError({ problem }, 'a collector worker cannot take events; the main process does');
      told = problem;
      await this.#sleep(openAgainMs);
    }
  }

  #logError(what: object, message: string): void {
    this.#options.logger.error({ worker: this.number, ...what }, message);
  }

  async #sleep(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}

/** Why a spool cannot be opened; undefined when the worker ended instead. */
const problemOf = (error: unknown): string | undefined =>
  error instanceof WorkerEndedError ? undefined : error instanceof Error ? error.message : String(error);

const unlessEnded = (error: unknown): void => {
  if (!(error instanceof WorkerEndedError)) throw error;
};

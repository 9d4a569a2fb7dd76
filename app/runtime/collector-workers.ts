import cluster, { type Worker } from 'node:cluster';
import { setTimeout as delay } from 'node:timers/promises';
import type { CodeBlocks } from '../../collector/collect/code-blocks.ts';
import { DataFolderError } from './data-folder-error.ts';
import { ListenError } from './http-server.ts';
import type { Logger } from './logger.ts';
import { workerFile } from './paths.ts';
import type { WorkerNews, WorkerOrder, WorkerSettings } from './worker-messages.ts';

export interface WorkersOptions {
  readonly count: number;
  readonly host: string;
  /** Never 0: a worker that is started anew must come back to the port. */
  readonly port: number;
  readonly logger: Logger;
}

export interface CollectorWorkers {
  /** Lets the workers take events. Until then they answer that the product is starting. Throws DataFolderError when a spool cannot be opened. */
  open(codeBlocks: CodeBlocks, settingsOf: (slot: number) => WorkerSettings): Promise<void>;
  /** What the workers acknowledged lies in closed segments when it resolves. */
  stop(): Promise<void>;
}

/** A young generation that holds the requests under way of a busy worker: a smaller one is cleaned so often that it costs a tenth of its time. */
const execArgv = ['--min-semi-space-size=32', '--max-semi-space-size=32'];
const firstPauseMs = 100;
const slowestPauseMs = 30_000;
const steadyAfterMs = 60_000;
const stopWithinMs = 15_000;

/** Starts the processes that share the port. Throws ListenError when they cannot have it. */
export async function startCollectorWorkers(options: WorkersOptions): Promise<CollectorWorkers> {
  cluster.setupPrimary({ exec: workerFile, args: [], execArgv });
  const slots = Array.from({ length: options.count }, (_, index) => new Slot(index + 1, options));
  const stop = async (): Promise<void> => void (await Promise.all(slots.map((slot) => slot.stop())));
  const starts = await Promise.allSettled(slots.map((slot) => slot.start()));
  const failure = starts.find((start) => start.status === 'rejected');
  if (failure !== undefined) {
    await stop();
    throw failure.reason;
  }
  return {
    open: async (codeBlocks, settingsOf) => {
      await Promise.all(slots.map((slot) => slot.open(codeBlocks, settingsOf(slot.number))));
    },
    stop,
  };
}

/** The place of one worker: the next one takes it when a worker dies, and finds its spool. */
class Slot {
  readonly number: number;
  readonly #options: WorkersOptions;
  #worker: Worker | undefined;
  #opening: { readonly codeBlocks: CodeBlocks; readonly settings: WorkerSettings } | undefined;
  #isStopping = false;
  #pauseMs = firstPauseMs / 2;

  constructor(number: number, options: WorkersOptions) {
    this.number = number;
    this.#options = options;
  }

  /** Resolves when the worker listens. */
  start(): Promise<void> {
    const { host, port } = this.#options;
    const worker = cluster.fork();
    this.#worker = worker;
    const startedAt = Date.now();
    return new Promise((resolve, reject) => {
      worker.on('message', (news: WorkerNews) => {
        if (news.kind === 'ready') say(worker, { kind: 'listen', host, port });
        else if (news.kind === 'listening') resolve();
        else if (news.kind === 'not_listening') {
          reject(new ListenError(news.problem));
          worker.process.kill('SIGKILL');
        } else if (news.kind === 'codes_wanted') void this.#giveCodes(worker);
      });
      worker.once('exit', (code, signal) => {
        reject(new Error(`A worker ended while it was started (${signal ?? code}).`));
        void this.#onExit(Date.now() - startedAt);
      });
    });
  }

  open(codeBlocks: CodeBlocks, settings: WorkerSettings): Promise<void> {
    this.#opening = { codeBlocks, settings };
    return this.#sayOpen();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    const worker = this.#worker;
    if (worker === undefined || worker.isDead()) return;
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    say(worker, { kind: 'stop' });
    const timer = setTimeout(() => worker.process.kill('SIGKILL'), stopWithinMs);
    await exited;
    clearTimeout(timer);
  }

  #sayOpen(): Promise<void> {
    const worker = this.#worker;
    const opening = this.#opening;
    if (worker === undefined || opening === undefined) return Promise.resolve();
    return new Promise((resolve, reject) => {
      worker.on('message', (news: WorkerNews) => {
        if (news.kind === 'open') resolve();
        else if (news.kind === 'not_open') reject(new DataFolderError(news.problem));
      });
      worker.once('exit', () => reject(new Error('A worker ended before it could take events.')));
      say(worker, { kind: 'open', settings: opening.settings });
    });
  }

  async #giveCodes(worker: Worker): Promise<void> {
    const block = await this.#opening?.codeBlocks.take().catch(() => undefined);
    say(worker, { kind: 'codes', block });
  }

  /** A worker that died is replaced; one that cannot start is tried again ever more slowly. */
  async #onExit(livedMs: number): Promise<void> {
    if (this.#isStopping || this.#opening === undefined) return;
    const { logger } = this.#options;
    this.#pauseMs = livedMs > steadyAfterMs ? firstPauseMs : Math.min(this.#pauseMs * 2, slowestPauseMs);
    logger.error({ worker: this.number, livedMs }, 'a collector worker ended unexpectedly; another takes its place');
    await delay(this.#pauseMs);
    if (this.#isStopping) return;
    const tell = (error: unknown): void =>
      logger.error({ worker: this.number, error: String(error) }, 'a collector worker cannot start');
    await this.start()
      .then(() => this.#sayOpen())
      .catch(tell);
  }
}

const say = (worker: Worker, order: WorkerOrder): void => {
  if (worker.isConnected()) worker.send(order);
};

import cluster, { type Worker } from 'node:cluster';
import type { CallNumbers, NumberAsk } from '../../collector/calls/number-ask.ts';
import type { CodeBlocks } from '../../collector/collect/code-blocks.ts';
import { DataFolderError } from './data-folder-error.ts';
import { ListenError } from './http-server.ts';
import { inOneMessage } from './in-one-message.ts';
import { workerFile } from './paths.ts';
import type {
  BegunVisit,
  VisitsNamed,
  WorkerNews,
  WorkerOrder,
  WorkerPort,
  WorkerSettings,
  WorkerStats,
} from './worker-messages.ts';

/** How a worker ended. */
export interface WorkerEnd {
  /** Its signal or its exit code. */
  readonly by: string;
  readonly livedMs: number;
}

/** The worker ended before it did what it was told. */
export class WorkerEndedError extends Error {
  override readonly name = 'WorkerEndedError';

  constructor({ by }: WorkerEnd) {
    super(`A process that takes events ended while it was started (${by}).`);
  }
}

/** Who answers the questions of workers. */
export interface Answering {
  readonly codeBlocks: CodeBlocks;
  /** Call tracking; undefined when there are no pools. */
  readonly callNumbers: CallNumbers | undefined;
}

/** What a worker needs to take events, and who answers it. */
export interface Opening extends Answering {
  readonly settings: WorkerSettings;
  /** The workers beside it; undefined when there are none. */
  readonly tellOthers: ((named: VisitsNamed) => void) | undefined;
}

/** A young generation that holds the requests under way of a busy worker: a smaller one is cleaned so often that it costs a tenth of its time. */
const execArgv = ['--min-semi-space-size=24', '--max-semi-space-size=24'];
const stopWithinMs = 15_000;

/** To be called before the first worker starts. */
export function prepareWorkers(): void {
  // Each worker accepts connections itself: handed out by the main process, a new one would wait for its imports and reports. Frozen by the next line.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  cluster.setupPrimary({ exec: workerFile, args: [], execArgv });
}

/** One worker from its start to its end. */
export class WorkerProcess {
  /** Always resolves. */
  readonly ended: Promise<WorkerEnd>;
  readonly #worker: Worker = cluster.fork();
  readonly #ready: Promise<unknown>;
  #codeBlocks: CodeBlocks | undefined;
  #callNumbers: CallNumbers | undefined;
  #tellOthers: Opening['tellOthers'];
  #stats: WorkerStats | undefined;
  #isOpen = false;
  readonly #answer = inOneMessage<WorkerOrder>((orders) => this.#say({ kind: 'several', orders }));

  constructor() {
    this.ended = endOf(this.#worker).finally(() => {
      this.#isOpen = false;
    });
    this.#ready = this.#heard(['ready']);
    this.#worker.on('message', (news: WorkerNews) => this.#hear(news));
  }

  /** What it told last; undefined before it took events. */
  get stats(): WorkerStats | undefined {
    return this.#stats;
  }

  /** It takes events itself. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** From then on it hands every request on to the main process. Throws ListenError, WorkerEndedError. */
  async listen(port: WorkerPort): Promise<void> {
    await this.#unlessEnded(this.#ready);
    const news = await this.#ask({ kind: 'listen', ...port }, ['listening', 'not_listening']);
    if (news.kind === 'not_listening') throw new ListenError(news.problem);
  }

  /** From then on it takes events itself. Throws DataFolderError when its spool cannot be opened, WorkerEndedError. */
  async open({ settings, codeBlocks, callNumbers, tellOthers }: Opening): Promise<void> {
    this.#codeBlocks = codeBlocks;
    this.#callNumbers = callNumbers;
    this.#tellOthers = tellOthers;
    const isAlone = tellOthers === undefined;
    const news = await this.#ask({ kind: 'open', settings, isAlone }, ['open', 'not_open']);
    if (news.kind === 'not_open') throw new DataFolderError(news.problem);
    this.#isOpen = true;
  }

  /** What it acknowledged lies in closed segments when it resolves. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.kill(), stopWithinMs);
    await Promise.race([this.#ready, this.ended]);
    this.#say({ kind: 'stop' });
    await this.ended;
    clearTimeout(timer);
  }

  /** What another worker says. */
  learn(named: VisitsNamed): void {
    if (this.#isOpen) this.#answer(named);
  }

  kill(): void {
    this.#worker.process.kill('SIGKILL');
  }

  #hear(news: WorkerNews): void {
    if (news.kind === 'several') for (const each of news.news) this.#hear(each);
    else if (news.kind === 'codes_wanted') void this.#giveCodes();
    else if (news.kind === 'numbers_wanted') void this.#giveNumbers(news.question, news.ask);
    else if (news.kind === 'visits_began') this.#noteVisits(news.visits);
    else if (news.kind === 'visits_named') this.#tellOthers?.(news);
    else if (news.kind === 'stats') this.#stats = news.stats;
  }

  async #ask<Kind extends WorkerNews['kind']>(order: WorkerOrder, kinds: readonly Kind[]) {
    const answer = this.#heard(kinds);
    this.#say(order);
    return this.#unlessEnded(answer);
  }

  #heard<Kind extends WorkerNews['kind']>(kinds: readonly Kind[]): Promise<Extract<WorkerNews, { kind: Kind }>> {
    const isAwaited = (news: WorkerNews): news is Extract<WorkerNews, { kind: Kind }> =>
      kinds.some((kind) => kind === news.kind);
    return new Promise((resolve) => {
      const hear = (news: WorkerNews): void => {
        if (!isAwaited(news)) return;
        this.#worker.off('message', hear);
        resolve(news);
      };
      this.#worker.on('message', hear);
    });
  }

  #unlessEnded<Value>(value: Promise<Value>): Promise<Value> {
    const ended = this.ended.then((end) => Promise.reject(new WorkerEndedError(end)));
    return Promise.race([value, ended]);
  }

  async #giveCodes(): Promise<void> {
    const block = await this.#codeBlocks?.take().catch(() => undefined);
    this.#say({ kind: 'codes', block });
  }

  async #giveNumbers(question: number, ask: NumberAsk): Promise<void> {
    const numbers = await this.#callNumbers?.numbersFor(ask);
    this.#answer({ kind: 'numbers', question, numbers: numbers ?? {} });
  }

  #noteVisits(visits: readonly BegunVisit[]): void {
    for (const [visit, pools] of visits) this.#callNumbers?.visitBegan(visit, pools);
  }

  /** Who is gone hears nothing; its end tells it. */
  #say(order: WorkerOrder): void {
    if (this.#worker.isConnected()) this.#worker.send(order, () => undefined);
  }
}

function endOf(worker: Worker): Promise<WorkerEnd> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const end = (by: unknown): void => resolve({ by: String(by), livedMs: Math.round(performance.now() - startedAt) });
    worker.once('exit', (code, signal) => end(signal ?? code));
    worker.on('error', (error) => {
      // What could not be started has no exit.
      if (worker.process.pid === undefined) end(error.message);
    });
  });
}

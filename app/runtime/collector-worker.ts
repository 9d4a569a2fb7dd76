import { setFlagsFromString } from 'node:v8';
import type { CodeBlock, CodeBlocks } from '../../collector/collect/code-blocks.ts';
import { CurrentVisits } from '../../collector/collect/current-visits.ts';
import { dailyVisitor } from '../../collector/collect/daily-visitor.ts';
import { createVisitCodes, type VisitCodes } from '../../collector/collect/visit-codes.ts';
import type { VisitNews } from '../../collector/collect/visit-news.ts';
import { createHotPath, type HotPath } from '../../collector/hot-path.ts';
import type { PlainTaker } from '../../collector/plain-http/plain-connection.ts';
import type { Spool } from '../../collector/spool.ts';
import { contactHasher } from '../../domain/contact.ts';
import { systemClock } from '../../domain/time.ts';
import { AskedNumbers } from './asked-numbers.ts';
import { createForward } from './forward.ts';
import { type Listening, listen } from './http-server.ts';
import { inOneMessage } from './in-one-message.ts';
import { createLogger } from './logger.ts';
import { openWorkerSpool } from './spools.ts';
import type { WorkerNews, WorkerOrder, WorkerPort, WorkerSettings } from './worker-messages.ts';

const statsEveryMs = 1000;

/** A process that takes events on the product's port into a spool of its own, and hands every other request on to the main process. */
class CollectorWorker {
  #hot: HotPath | undefined;
  #listening: Listening | undefined;
  #spool: Spool | undefined;
  #numbers: AskedNumbers | undefined;
  #visits: { readonly codes: VisitCodes; readonly current: CurrentVisits } | undefined;
  #wanted: ((block: CodeBlock | undefined) => void)[] = [];

  async obey(order: WorkerOrder): Promise<void> {
    if (order.kind === 'listen') await this.#listen(order);
    else if (order.kind === 'open') await this.#tryOpen(order.settings, order.isAlone);
    else if (order.kind === 'codes') this.#wanted.shift()?.(order.block);
    else if (order.kind === 'numbers') this.#numbers?.answer(order.question, order.numbers);
    else if (order.kind === 'visits_named') this.#learn(order.visits);
    else if (order.kind === 'several') for (const each of order.orders) void this.obey(each);
    else await this.stop();
  }

  /** Everything acknowledged is on disk, in closed segments, when the process ends. */
  async stop(): Promise<void> {
    await this.#listening?.stop();
    await this.#spool?.closeAll();
    process.exit(0);
  }

  async #listen({ host, port, forward }: WorkerPort): Promise<void> {
    const handOn = createForward(forward);
    try {
      this.#listening = await listen(
        (request, response) => {
          if (!this.#hot?.handle(request, response)) handOn(request, response);
        },
        { host, port, plain: this.#plain() },
      );
      tell({ kind: 'listening', port: this.#listening.port });
    } catch (error) {
      tell({ kind: 'not_listening', problem: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Until the spool is open everything goes the other way. */
  #plain(): PlainTaker {
    return {
      take: (...request) => this.#hot?.plain.take(...request) ?? false,
      brokeOff: (path) => this.#hot?.plain.brokeOff(path),
    };
  }

  async #tryOpen(settings: WorkerSettings, isAlone: boolean): Promise<void> {
    try {
      await this.#open(settings, isAlone);
      tell({ kind: 'open' });
      setInterval(() => this.#tellStats(), statsEveryMs).unref();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      const problem = `The folder ${settings.spoolDir}, where events are kept, cannot be used (${code}): mend its rights, or the disk.`;
      tell({ kind: 'not_open', problem });
    }
  }

  async #open(settings: WorkerSettings, isAlone: boolean): Promise<void> {
    const { spoolDir, secret, timezone, logLevel, minFreeBytes, landing } = settings;
    const clock = systemClock;
    const logger = createLogger(logLevel);
    this.#spool = await openWorkerSpool({ dir: spoolDir, clock, logger, minFreeBytes });
    this.#numbers = landing === undefined ? undefined : new AskedNumbers(landing, inOneMessage(tellTogether));
    const tellVisit = isAlone ? undefined : inOneMessage<VisitNews>((visits) => tell({ kind: 'visits_named', visits }));
    const visitCodes = createVisitCodes(this.#codeBlocks(), { tell: tellVisit });
    const currentVisits = new CurrentVisits(tellVisit);
    this.#visits = { codes: visitCodes, current: currentVisits };
    this.#hot = createHotPath({
      ...settings,
      spool: this.#spool,
      hasher: contactHasher(secret),
      dailyVisitor: dailyVisitor(secret, timezone),
      visitCodes,
      currentVisits,
      callNumbers: this.#numbers,
      clock,
      logger,
    });
  }

  #learn(visits: readonly VisitNews[]): void {
    for (const named of visits) {
      if ('counter' in named) this.#visits?.codes.learn(named);
      else this.#visits?.current.learn(named);
    }
  }

  #tellStats(): void {
    if (this.#hot === undefined) return;
    tell({ kind: 'stats', stats: { ...this.#hot.stats(), residentBytes: process.memoryUsage.rss() } });
  }

  #codeBlocks(): CodeBlocks {
    return {
      take: async () => {
        const block = await new Promise<CodeBlock | undefined>((resolve) => {
          this.#wanted.push(resolve);
          tell({ kind: 'codes_wanted' });
        });
        if (block === undefined) throw new Error('the main process could not write the counter of visit codes');
        return block;
      },
    };
  }
}

const tell = (news: WorkerNews): void => {
  // A main process that is gone hears nothing; `disconnect` tells it.
  if (process.connected) process.send?.(news, undefined, {}, () => undefined);
};

const tellTogether = (news: readonly WorkerNews[]): void => tell({ kind: 'several', news });

/**
 * What lives long in a worker is little: left to itself the heap grows to several times of it before it is cleaned. Set here and not when the
 * process starts, because a Node that does not know the flag would refuse to start.
 */
const boundHeap = (): void => setFlagsFromString('--heap-growing-percent=40');

/** Runs this process as a worker until the main process says stop or is gone. */
export function runCollectorWorker(): void {
  boundHeap();
  const worker = new CollectorWorker();
  // Ctrl-C reaches all processes of the terminal; the main one says when.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
  process.on('message', (order: WorkerOrder) => void worker.obey(order));
  process.on('disconnect', () => void worker.stop());
  tell({ kind: 'ready' });
}

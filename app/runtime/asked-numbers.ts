import { type LandingPools, type LandingSettings, landingPools } from '../../collector/calls/landing-pools.ts';
import type { CallNumbers, NumberAsk, ReplacedNumbers } from '../../collector/calls/number-ask.ts';
import { replacedBy } from '../../collector/create-collector.ts';
import type { BegunVisit, WorkerNews } from './worker-messages.ts';

/** A page rather keeps its own numbers than its visitor waits. */
const patienceMs = 1000;
/** Requests; what waits is in memory. */
const mostWaiting = 500;
/** After an answer that did not come in time nobody waits for so long: the main process stands still. */
const restMs = 5000;

type Tell = (news: Extract<WorkerNews, { kind: 'numbers_wanted' | 'visits_began' }>) => void;

/** The way of a worker to call tracking, which is in the main process: two processes must not give the same number, and the pages of a visit come to any worker. */
export class AskedNumbers implements CallNumbers {
  readonly replaced: ReadonlySet<string>;
  readonly landingPools: LandingPools;
  readonly #tell: Tell;
  readonly #waiting = new Map<number, (numbers: ReplacedNumbers) => void>();
  #questions = 0;
  #restsUntilMs = 0;
  #begun: BegunVisit[] = [];

  constructor(settings: LandingSettings, tell: Tell) {
    this.replaced = replacedBy(settings.pools);
    this.landingPools = landingPools(settings);
    this.#tell = tell;
  }

  /** One message tells all that began while the events of a round were read: a message costs more than a visit. */
  visitBegan(visit: string, pools: readonly string[]): void {
    this.#begun.push([visit, pools]);
    if (this.#begun.length === 1) setImmediate(() => this.#tellBegun());
  }

  numbersFor(ask: NumberAsk): Promise<ReplacedNumbers> {
    this.#tellBegun();
    if (this.#waiting.size >= mostWaiting || performance.now() < this.#restsUntilMs) return Promise.resolve({});
    this.#questions += 1;
    const question = this.#questions;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#hear(question, {});
        this.#restsUntilMs = performance.now() + restMs;
      }, patienceMs);
      this.#waiting.set(question, (numbers) => {
        clearTimeout(timer);
        resolve(numbers);
      });
      this.#tell({ kind: 'numbers_wanted', question, ask });
    });
  }

  /** What the main process answered; too late is never. */
  answer(question: number, numbers: ReplacedNumbers): void {
    this.#restsUntilMs = 0;
    this.#hear(question, numbers);
  }

  #hear(question: number, numbers: ReplacedNumbers): void {
    const hear = this.#waiting.get(question);
    this.#waiting.delete(question);
    hear?.(numbers);
  }

  #tellBegun(): void {
    if (this.#begun.length === 0) return;
    this.#tell({ kind: 'visits_began', visits: this.#begun });
    this.#begun = [];
  }
}

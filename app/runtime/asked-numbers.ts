import type { CallNumbers, NumberAsk, ReplacedNumbers } from '../../collector/calls/number-ask.ts';

/** A page rather keeps its own numbers than its visitor waits. */
const patienceMs = 1000;

/** The way of a worker to call tracking, which is in the main process: two processes must not give the same number. */
export class AskedNumbers implements CallNumbers {
  readonly replaced: ReadonlySet<string>;
  readonly #send: (question: number, ask: NumberAsk) => void;
  readonly #waiting = new Map<number, (numbers: ReplacedNumbers) => void>();
  #questions = 0;

  constructor(replaced: readonly string[], send: (question: number, ask: NumberAsk) => void) {
    this.replaced = new Set(replaced);
    this.#send = send;
  }

  numbersFor(ask: NumberAsk): Promise<ReplacedNumbers> {
    this.#questions += 1;
    const question = this.#questions;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.answer(question, {}), patienceMs);
      this.#waiting.set(question, (numbers) => {
        clearTimeout(timer);
        resolve(numbers);
      });
      this.#send(question, ask);
    });
  }

  /** What the main process answered; too late is never. */
  answer(question: number, numbers: ReplacedNumbers): void {
    const hear = this.#waiting.get(question);
    this.#waiting.delete(question);
    hear?.(numbers);
  }
}

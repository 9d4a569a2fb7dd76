import type { Clock } from '../../domain/time.ts';

/** Time that stands still until somebody sleeps or a test moves it. Timers fire in the order of their due time. */
export class FakeTime implements Clock {
  #nowMs: number;
  readonly slept: number[] = [];
  #timers: { dueMs: number; work: () => void }[] = [];

  constructor(now: string) {
    this.#nowMs = Date.parse(now);
  }

  now(): number {
    return this.#nowMs;
  }

  readonly sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    this.slept.push(ms);
    this.#nowMs += ms;
  };

  readonly after = (ms: number, work: () => void): (() => void) => {
    const timer = { dueMs: this.#nowMs + ms, work };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  /** Moves time on and fires what falls due; lets promises settle before and after each timer. */
  async advance(ms: number): Promise<void> {
    await settle();
    const untilMs = this.#nowMs + ms;
    while (true) {
      const next = this.#timers.filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.work();
      await settle();
    }
    this.#nowMs = untilMs;
    await settle();
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

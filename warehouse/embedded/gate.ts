import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { isWarehouseError, WarehouseError } from '../warehouse-error.ts';

const WAIT_MS = 60_000;
const RETRY_MS = 50;
const LENIENT_MS = 10_000;

/**
 * Where the queries to a server of another process go through. While the server changes hands they wait here instead of
 * failing, and one that found nobody at the address is sent again: it was never begun.
 */
export class Gate {
  #inside = 0;
  #closingSinceMs: number | undefined;
  #isSettled = false;

  /** Sends as soon as the gate is open. Throws a WarehouseError when it stays closed for a minute. */
  async through<Result>(send: () => Promise<Result>, isRepeatable: boolean): Promise<Result> {
    const deadline = Date.now() + WAIT_MS;
    for (;;) {
      await this.#untilOpen(deadline);
      this.#inside += 1;
      try {
        return await send();
      } catch (error) {
        const isUnsent = isWarehouseError(error) && error.isUnsent;
        if (!isUnsent || !isRepeatable || this.#isSettled || Date.now() > deadline) throw error;
      } finally {
        this.#inside -= 1;
      }
      await delay(RETRY_MS);
    }
  }

  /** Counts an answer as on its way until it was read or dropped. */
  hold(answer: Readable): void {
    this.#inside += 1;
    answer.once('close', () => {
      this.#inside -= 1;
    });
  }

  /**
   * Closes as soon as nothing is on its way. Until then whoever comes passes, for a query on its way may be waiting for
   * another one; only where they never come to an end, nobody does after ten seconds.
   */
  close(): void {
    this.#closingSinceMs ??= performance.now();
  }

  get isIdle(): boolean {
    return this.#inside === 0;
  }

  open(): void {
    this.#closingSinceMs = undefined;
  }

  /** Opens for good: from now on the server is our own. */
  settle(): void {
    this.#isSettled = true;
    this.open();
  }

  async #untilOpen(deadline: number): Promise<void> {
    while (this.#isClosed()) {
      if (Date.now() > deadline) {
        const text = 'The process that ran the embedded ClickHouse has ended, and none could be started in its place.';
        throw new WarehouseError(text, { kind: 'unreachable' });
      }
      await delay(RETRY_MS);
    }
  }

  #isClosed(): boolean {
    if (this.#closingSinceMs === undefined) return false;
    return this.isIdle || performance.now() - this.#closingSinceMs > LENIENT_MS;
  }
}

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { collect, pageviews } from './ask.ts';

/** Browsers that send small batches and send the same ids again, as the tracker does, until they are acknowledged. */
export class Load {
  /** Ids of events that were answered with 200. */
  readonly acknowledged = new Set<string>();
  /** Ids that were sent more than once. */
  readonly repeated = new Set<string>();
  readonly visitors: readonly string[];
  #isStopping = false;
  readonly #running: Promise<unknown>;

  constructor(baseUrl: () => string, clients = 6) {
    this.visitors = Array.from({ length: clients }, () => randomUUID());
    this.#running = Promise.all(this.visitors.map((visitor) => this.#browse(baseUrl, visitor)));
  }

  /** No new batch begins; those begun are sent until they are acknowledged. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#running;
  }

  async #browse(baseUrl: () => string, visitor: string): Promise<void> {
    for (let size = 1; !this.#isStopping; size = (size % 5) + 1) {
      const ids = Array.from({ length: size }, () => randomUUID());
      const body = pageviews(visitor, ids);
      while (!(await isTaken(baseUrl(), body))) {
        for (const id of ids) this.repeated.add(id);
        await delay(50);
      }
      for (const id of ids) this.acknowledged.add(id);
      await delay(40);
    }
  }
}

/** False when the connection broke or the server says `later`; anything else that is not 200 is a fault. */
async function isTaken(baseUrl: string, body: string): Promise<boolean> {
  let status: number;
  try {
    const response = await collect(baseUrl, body);
    status = response.status;
    await response.text();
  } catch {
    return false;
  }
  if (status !== 200 && status !== 503) throw new Error(`/collect answered ${status}`);
  return status === 200;
}

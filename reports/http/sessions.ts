import { randomBytes } from 'node:crypto';
import type { Clock } from '../../domain/time.ts';

const lifetimeMs = 14 * 24 * 3600 * 1000;
const maxSessions = 10_000;

/** Who is signed in to the dashboard in this process. A restart signs everybody out; the token stays the proof at every request. */
export class Sessions {
  readonly #byId = new Map<string, { token: string; endsAtMs: number }>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  start(token: string): { id: string; maxAgeMs: number } {
    this.#drop();
    const id = randomBytes(32).toString('base64url');
    this.#byId.set(id, { token, endsAtMs: this.#clock.now() + lifetimeMs });
    return { id, maxAgeMs: lifetimeMs };
  }

  /** The token a session was started with; undefined when there is none or it is over. */
  tokenOf(id: string): string | undefined {
    const session = this.#byId.get(id);
    return session !== undefined && session.endsAtMs > this.#clock.now() ? session.token : undefined;
  }

  end(id: string): void {
    this.#byId.delete(id);
  }

  /** Sessions stand in the order they were started, so the first are the oldest. */
  #drop(): void {
    for (const [id, session] of this.#byId) {
      if (session.endsAtMs > this.#clock.now() && this.#byId.size < maxSessions) return;
      this.#byId.delete(id);
    }
  }
}

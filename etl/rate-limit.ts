import type { Clock } from '../domain/time.ts';
import type { Sleep } from './sleep.ts';

/** A token bucket: `burst` requests at once, then `perSecond` a second. */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

export interface RateLimiter {
  /** Resolves when the next request may go out. Callers are served in turn. */
  take(signal?: AbortSignal): Promise<void>;
}

export function createRateLimiter(rate: RateLimit, clock: Clock, sleep: Sleep): RateLimiter {
  const msPerToken = 1000 / rate.perSecond;
  // The bucket as one number: when it will be full again. Each request moves it one token further.
  let fullAtMs = clock.now();
  return {
    async take(signal) {
      const now = clock.now();
      fullAtMs = Math.max(fullAtMs, now) + msPerToken;
      const waitMs = fullAtMs - now - rate.burst * msPerToken;
      if (waitMs > 0) await sleep(waitMs, signal);
    },
  };
}

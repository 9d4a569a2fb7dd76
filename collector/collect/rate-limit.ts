import type { Clock } from '../../domain/time.ts';
import { BoundedMap } from '../bounded-map.ts';

export interface RateLimitOptions {
  /** Requests a second that may be kept up. */
  readonly perSecond: number;
  /** Requests that may come at once after a pause. */
  readonly burst: number;
}

/** What one process takes. */
export interface CollectLimits {
  readonly address: RateLimitOptions;
  readonly site: RateLimitOptions;
}

/**
 * A page sends a request every few seconds; a whole office or a mobile operator may stand behind one address. A site that sends more than
 * its share is flooded: it would take the disk from the others.
 */
export const defaultLimits: CollectLimits = {
  address: { perSecond: 100, burst: 1000 },
  site: { perSecond: 5000, burst: 50_000 },
};

/** What each of so many processes takes, so that together they take about as much. */
export function sharedLimits({ address, site }: CollectLimits, processes: number): CollectLimits {
  const share = ({ perSecond, burst }: RateLimitOptions): RateLimitOptions => ({
    perSecond: perSecond / processes,
    burst: Math.max(1, burst / processes),
  });
  return processes <= 1 ? { address, site } : { address: share(address), site: share(site) };
}

const maxKeys = 100_000;

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/**
 * Seconds to wait before the next request of an address or a site, 0 when it may go on: one token bucket each. A clock that is set back
 * earns nothing at that moment and blocks nobody.
 */
export function createRateLimit(options: RateLimitOptions, clock: Clock): (key: string) => number {
  const buckets = new BoundedMap<string, Bucket>(maxKeys);
  return (key) => {
    const nowMs = clock.now();
    const bucket = buckets.get(key) ?? { tokens: options.burst, filledAtMs: nowMs };
    const earned = (Math.max(0, nowMs - bucket.filledAtMs) * options.perSecond) / 1000;
    bucket.tokens = Math.min(options.burst, bucket.tokens + earned);
    bucket.filledAtMs = nowMs;
    buckets.set(key, bucket);
    if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / options.perSecond));
    bucket.tokens -= 1;
    return 0;
  };
}

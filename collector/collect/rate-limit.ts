import type { Clock } from '../../domain/time.ts';
import { BoundedMap } from '../bounded-map.ts';

export interface RateLimitOptions {
  /** Tokens a second that may be kept up. */
  readonly perSecond: number;
  /** Tokens that may be spent at once after a pause. */
  readonly burst: number;
}

const eventsOfToken = 10;
const bytesOfToken = 8 * 1024;

/**
 * Tokens that a batch costs: what it takes of the disk, and not that it came in one request. Few requests of browsers cost more than one.
 */
export const costOf = (events: number, bytes: number): number =>
  Math.max(1, Math.ceil(events / eventsOfToken), Math.ceil(bytes / bytesOfToken));

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

/**
 * Visits of an address that get a code to be told on the phone. There are ten million codes: who could have as many as requests would use them
 * up within minutes, and buyers would tell codes that were given before.
 */
export const codeLimits = ({ perSecond, burst }: RateLimitOptions): RateLimitOptions => ({
  perSecond: perSecond / 100,
  burst: Math.max(1, burst / 10),
});

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

export interface RateLimit {
  /** Seconds to wait before the next request of an address or a site, 0 when it may go on; then `cost` is spent, though there may be less. */
  spend(key: string, cost?: number): number;
  /** Spends more of who may go on already. */
  owe(key: string, cost: number): void;
}

/**
 * One token bucket each. Whoever has a token may spend more than there are, and waits the longer afterwards: what a batch costs is known only when
 * it is there, and any must pass at some time. A clock that is set back earns nothing at that moment and blocks nobody.
 */
export function createRateLimit(options: RateLimitOptions, clock: Clock): RateLimit {
  const buckets = new BoundedMap<string, Bucket>(maxKeys);
  const bucketOf = (key: string): Bucket => {
    const nowMs = clock.now();
    const bucket = buckets.get(key) ?? { tokens: options.burst, filledAtMs: nowMs };
    const earned = (Math.max(0, nowMs - bucket.filledAtMs) * options.perSecond) / 1000;
    bucket.tokens = Math.min(options.burst, bucket.tokens + earned);
    bucket.filledAtMs = nowMs;
    buckets.set(key, bucket);
    return bucket;
  };
  return {
    spend: (key, cost = 1) => {
      const bucket = bucketOf(key);
      if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / options.perSecond));
      bucket.tokens -= cost;
      return 0;
    },
    owe: (key, cost) => {
      bucketOf(key).tokens -= cost;
    },
  };
}

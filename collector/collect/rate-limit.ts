import type { Clock } from '../../domain/time.ts';
import { BoundedMap } from '../bounded-map.ts';

export interface RateLimitOptions {
  /** Requests a second that one address may keep up. */
  readonly perSecond: number;
  /** Requests it may send at once after a pause. */
  readonly burst: number;
}

/** A page sends a request every few seconds; a whole office or a mobile operator may stand behind one address. */
export const defaultRateLimit: RateLimitOptions = { perSecond: 100, burst: 1000 };

const maxAddresses = 100_000;

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/** Seconds to wait before the next request of an address, 0 when it may go on: one token bucket per address. */
export function createRateLimit(options: RateLimitOptions, clock: Clock): (address: string) => number {
  const buckets = new BoundedMap<string, Bucket>(maxAddresses);
  return (address) => {
    const nowMs = clock.now();
    const bucket = buckets.get(address) ?? { tokens: options.burst, filledAtMs: nowMs };
    const earned = (Math.max(0, nowMs - bucket.filledAtMs) * options.perSecond) / 1000;
    bucket.tokens = Math.min(options.burst, bucket.tokens + earned);
    bucket.filledAtMs = nowMs;
    buckets.set(address, bucket);
    if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / options.perSecond));
    bucket.tokens -= 1;
    return 0;
  };
}

import type { SourceError } from './errors.ts';

export interface BackOff {
  /** Tries in all, the first included. */
  readonly attempts: number;
  readonly baseMs: number;
  readonly capMs: number;
  /** Waiting of one request in all; a vendor that asks for more has the run fail instead, and the next run goes on. */
  readonly totalMs: number;
}

/** A bucket that is full drains slowly; a server that stumbled is often back at once. */
const limitFactor = 4;

export const defaultBackOff: BackOff = { attempts: 8, baseMs: 500, capMs: 60_000, totalMs: 20 * 60_000 };

/**
 * Exponential back-off with full jitter: a random share of base · 2^(attempt−1), so that many clients do not return at
 * once. Where the vendor said how long to wait, at least that long.
 */
export function waitBeforeRetryMs(error: SourceError, attempt: number, backOff: BackOff, random: () => number): number {
  const baseMs = backOff.baseMs * (error.kind === 'limit' ? limitFactor : 1);
  const ceilingMs = Math.min(backOff.capMs, baseMs * 2 ** (attempt - 1));
  return (error.retryAfterMs ?? 0) + random() * ceilingMs;
}

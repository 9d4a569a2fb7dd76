import { createHmac } from 'node:crypto';
import { localDate } from '../../domain/time.ts';
import { uuidOf } from '../derived-uuid.ts';

/** What a browser without a cookie is known by for a day. */
export interface Browser {
  readonly site: string;
  /** In full. */
  readonly address: string;
  readonly userAgent: string;
}

/** The visitor that a browser without a cookie is at an instant. */
export type DailyVisitor = (browser: Browser, atMs: number) => string;

/**
 * Names browsers without a cookie: by the local day, the site, the address and the browser, under the project's secret. Every process
 * gives the same name, and the next day gives another.
 */
export function dailyVisitor(secret: string, timezone: string): DailyVisitor {
  return ({ site, address, userAgent }, atMs) => {
    const parts = [localDate(atMs, timezone), site, address.replace(/^::ffff:(?=\d+\.)/i, ''), userAgent];
    return uuidOf(
      createHmac('sha256', secret)
        .update(`visitor:${JSON.stringify(parts)}`)
        .digest(),
      8,
    );
  };
}

import type { Options } from './config.ts';
import { install } from './tracker.ts';

/** Starts the tracker of this page; `endpoint` is the address of the collector's `/collect`. Once for a page. */
export const start = (options: Options & { endpoint: string }): void => install(options);

/** Calls the tracker once it is started; nothing happens before, nor where there is no browser. */
export function throughline(...call: unknown[]): void {
  if (typeof window !== 'undefined' && window.throughline) window.throughline(...call);
}

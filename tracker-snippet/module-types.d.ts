import type { Options } from './config.ts';

/** Starts the tracker of this page; `endpoint` is the address of the collector's `/collect`. Once for a page. */
export declare function start(options: Options & { endpoint: string }): void;

/** Calls the tracker once it is started; nothing happens before, nor where there is no browser. */
export declare function throughline(...call: unknown[]): void;

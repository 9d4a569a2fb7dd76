import type { Options } from './config.ts';

/** Starts the tracker of this page; `endpoint` is the address of the collector's `/collect`. Once for a page; nothing on a server. */
export declare function start(options: Options & { endpoint: string }): void;

/** Calls the tracker; what is called before it has started is kept for it. Nothing happens on a server. */
export declare function throughline(...call: unknown[]): void;

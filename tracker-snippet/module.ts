import type { Options } from './config.ts';
import type { Api } from './tracker.ts';

/** Starts the tracker of this page; `endpoint` is the address of the collector's `/collect`. Once for a page; nothing on a server. */
export function start(options: Options & { endpoint: string }): void {
  // The sources look at the page as soon as they are loaded.
  if (typeof window !== 'undefined') import('./tracker.ts').then(({ install }) => install(options));
}

/** Calls the tracker; what is called before it has started is kept for it. Nothing happens on a server. */
export function throughline(...call: unknown[]): void {
  if (typeof window === 'undefined') return;
  if (!window.throughline) {
    const stub: Api = (...args) => (stub.q || []).push(args);
    stub.q = [];
    window.throughline = stub;
  }
  window.throughline(...call);
}

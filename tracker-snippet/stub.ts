import type { Api } from './tracker.ts';

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

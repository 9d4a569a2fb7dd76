import { config } from './config.ts';
import type { track } from './delivery.ts';
import type { ids } from './kept.ts';
import type { crmEvents, numbers, Part } from './shared.ts';

/** What the second script works with, in this order. */
export type Core = [
  settings: typeof config,
  tell: typeof track,
  idsOfVisitor: typeof ids,
  numbersOfPage: typeof numbers,
  eventsOfForms: typeof crmEvents,
  partsOfRefresh: Part[],
];

/** A policy that demands Trusted Types lets a script be loaded by an address that says so of itself. */
const trusted = (url: string): string => {
  const { trustedTypes } = window as never as { trustedTypes?: { createPolicy<R>(name: string, rules: R): R } };
  return trustedTypes
    ? trustedTypes.createPolicy('throughline', { createScriptURL: String }).createScriptURL(url)
    : url;
};

/**
 * Loads the second script, which changes the page, from beside the first. A page that a framework still takes over bears no change, so
 * it waits until the page is complete, or somebody is about to fill in a form; but whoever sees a telephone number calls it.
 */
export function loadMore(): void {
  const { more, nonce, integrity = '' } = config;
  const isReady =
    'calls' in config || document.readyState === 'complete' || document.querySelector('form:focus-within');
  if (!more || !isReady) return;
  config.more = '';
  document.head.append(
    Object.assign(document.createElement('script'), { src: trusted(more), nonce, integrity, crossOrigin: '' }),
  );
}

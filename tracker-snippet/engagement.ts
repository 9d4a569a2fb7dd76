import { track } from './delivery.ts';
import { recall, visit } from './kept.ts';

const leastMs = 1000;
let shownSinceMs = 0;
let shownMs = 0;

export const isShown = (): boolean => document.visibilityState === 'visible';

/** Tells how long the page has been visible since it was last told, unless that was a moment or the visit is over meanwhile. */
export function tellEngagement(url?: string): void {
  const now = performance.now();
  if (shownSinceMs) shownMs += now - shownSinceMs;
  shownSinceMs = (isShown() as never) && now;
  if (shownMs < leastMs) return;
  recall();
  if (visit) track('engagement', { props: { engaged_ms: shownMs | 0 } }, url);
  shownMs = 0;
}

import { track } from './track.ts';
import { liveVisit } from './visit.ts';

const leastMs = 1000;
let shownSinceMs = 0;
let shownMs = 0;

/** Tells how long the page has been visible since it was last told, unless that was a moment or the visit is over meanwhile. */
export function tellEngagement(url?: string): void {
  const now = performance.now();
  if (shownSinceMs) shownMs += now - shownSinceMs;
  shownSinceMs = document.visibilityState === 'visible' ? now : 0;
  if (shownMs < leastMs || !liveVisit().id) return;
  track('engagement', { props: { engaged_ms: Math.round(shownMs) } }, url);
  shownMs = 0;
}

import { pageOf } from './addresses.ts';
import { arrive } from './arrival.ts';
import { config } from './config.ts';
import { track } from './delivery.ts';
import { tellEngagement } from './engagement.ts';
import { attempt, listen, safely } from './safely.ts';

let { href: current } = location;

/** Tells the move of a single-page site to another page. */
export function tellMove(): void {
  const previous = current;
  current = location.href;
  if (pageOf(current) === pageOf(previous)) return;
  tellEngagement(previous);
  config.referrer = previous;
  track('pageview', {});
}

/** Looks at how the browser came to this page, and tells it: at the first need of that, for it takes a moment. */
export function openPage(): void {
  // The site may have tidied its tags away before this script came.
  const [entry] = performance.getEntriesByType('navigation') as Partial<PerformanceNavigationTiming>[];
  const { name = '', type = '', responseStatus: status = 0 } = entry || {};
  if (!current.startsWith(name)) current = name;
  attempt(() => arrive(current, type));
  track('pageview', status > 399 ? { props: { status } } : {}, current);
  tellMove();
}

/** Tells each later page of a single-page site and a page restored by Back. */
export function watchPages(): void {
  tellEngagement();
  // Tells of every move; where it is missing, moves are seen as the page changes with them.
  if (window.navigation) navigation.addEventListener('currententrychange', safely(tellMove));
  listen('pageshow', ({ persisted }: PageTransitionEvent) => persisted && track('pageview', {}));
}

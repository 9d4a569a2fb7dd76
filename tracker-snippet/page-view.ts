import { pageOf } from './campaign.ts';
import { listen, patch, safely } from './safely.ts';

let { href: current } = location;
let { referrer } = document;

/** Address of the previous page, inside the site too; `document.referrer` on the page that was loaded. */
export const pageReferrer = (): string => referrer;

/** How the browser came to this page; empty where it does not tell. */
export const navigationEntry = (performance.getEntriesByType('navigation')[0] ||
  {}) as Partial<PerformanceNavigationTiming>;

/** The address the page was loaded with: the site may have tidied its tags away before this script came. */
export function landingAddress(): string {
  const { name = '' } = navigationEntry;
  const { origin, href } = location;
  return name.startsWith(`${origin}/`) && !href.startsWith(name) ? name : href;
}

/** Calls `announce(url)` for the loaded page, for each later page of a single-page site and for a page restored by Back. */
export function watchPages(announce: (url: string, previous?: string) => void): void {
  current = landingAddress();
  announce(current);
  const moved = () => {
    const previous = current;
    current = location.href;
    if (pageOf(current) === pageOf(previous)) return;
    referrer = previous;
    announce(current, previous);
  };
  moved();
  // The Navigation API tells of every move without touching what the page's own router may have patched.
  if (window.navigation) navigation.addEventListener('currententrychange', safely(moved));
  else {
    patch(history, 'pushState', moved);
    patch(history, 'replaceState', moved);
    listen('popstate', moved);
  }
  listen('pageshow', (event: PageTransitionEvent) => {
    if (event.persisted) announce(location.href);
  });
}

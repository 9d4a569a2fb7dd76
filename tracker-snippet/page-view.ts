import { pageOf } from './campaign.ts';
import { safely } from './safely.ts';

let page = { url: '', referrer: '' };

/** Address of the previous page, inside the site too; `document.referrer` on the page that was loaded. */
export const pageReferrer = (): string => page.referrer;

/** The address the page was loaded with: the site may have tidied its tags away before this script came. */
export function landingAddress(): string {
  const entry = performance.getEntriesByType('navigation')[0];
  const loaded = entry ? entry.name : '';
  const isTidied = loaded.startsWith(`${location.origin}/`) && !location.href.startsWith(loaded);
  return isTidied ? loaded : location.href;
}

function patch(method: 'pushState' | 'replaceState', moved: () => void): void {
  const original = history[method];
  history[method] = function (...args: Parameters<typeof original>) {
    original.apply(this, args);
    moved();
  };
}

function watchMoves(moved: () => void): void {
  // The Navigation API tells of every move without touching what the page's own router may have patched.
  if (window.navigation) {
    navigation.addEventListener('currententrychange', moved);
  } else {
    patch('pushState', moved);
    patch('replaceState', moved);
    addEventListener('popstate', moved);
  }
}

/** Calls `announce(url)` for the loaded page, for each later page of a single-page site and for a page restored by Back. */
export function watchPages(announce: (url: string) => void): void {
  page = { url: landingAddress(), referrer: document.referrer };
  announce(page.url);
  const moved = safely(() => {
    const url = location.href;
    const isSame = pageOf(url) === pageOf(page.url);
    page = { url, referrer: isSame ? page.referrer : page.url };
    if (!isSame) announce(url);
  });
  moved();
  watchMoves(moved);
  addEventListener(
    'pageshow',
    safely((event: PageTransitionEvent) => {
      if (event.persisted) announce(location.href);
    }),
  );
}

/** Runs `start` now, or when a page the browser prerendered is shown to a person. */
export function whenShown(start: () => void): void {
  if ((document as { prerendering?: boolean }).prerendering) {
    document.addEventListener('prerenderingchange', safely(start), { once: true });
  } else start();
}

import { readLayer } from './commerce.ts';
import { sendAll } from './delivery.ts';
import { keptKey, recall } from './kept.ts';
import { loadMore } from './more.ts';
import { tellMove } from './pages.ts';
import { listen, safely } from './safely.ts';
import { crmEvents, parts } from './shared.ts';

// A page that is being built changes hundreds of times a second; it is looked at this often.
const refreshMs = 100;

parts.push(tellMove, readLayer, loadMore);

/** Brings all that we put into the page up to date, and takes up what has come into it since, or that a form is sent. */
export function refresh(sent?: unknown): void {
  recall();
  for (const part of parts) safely(part)(sent);
}

let pending = 0;

/** Refreshes when the browser has nothing else to do, soon in any case. */
function refreshSoon(): void {
  pending =
    pending ||
    setTimeout(
      safely(() => {
        pending = 0;
        (window.requestIdleCallback || setTimeout)(safely(refresh), { timeout: refreshMs } as never);
      }),
      refreshMs,
    );
}

export function watchPage(): void {
  listen<CustomEvent>('b24:form:init b24:form:view b24:form:send:success', (event) => {
    crmEvents.push(event);
    refresh();
  });
  refreshSoon();
  listen('load focusin', refreshSoon);
  // Another tab has begun a visit or learnt what the visitor decided.
  listen<StorageEvent>('storage', ({ key }) => {
    if (key !== keptKey) return;
    sendAll();
    refreshSoon();
  });
  new MutationObserver(safely(refreshSoon)).observe(document, { childList: true, subtree: true });
}

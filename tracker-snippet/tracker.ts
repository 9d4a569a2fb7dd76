import { learn } from './answer.ts';
import { watchClicks } from './clicks.ts';
import { run } from './commands.ts';
import { config, type Options } from './config.ts';
import { send, sendAll } from './delivery.ts';
import { tellEngagement } from './engagement.ts';
import { openPage, watchPages } from './pages.ts';
import { refresh, watchPage } from './refresh.ts';
import { attempt, listen, safely } from './safely.ts';
import { watchSubmits } from './submits.ts';

export interface Api {
  (...args: unknown[]): unknown;
  /** Calls made before this script came, as the documented stub keeps them. */
  q?: Iterable<unknown>[];
  isLoaded?: boolean;
}

declare global {
  interface Window {
    throughline?: Api;
  }
}

function watchLeaving(): void {
  listen('online', sendAll);
  listen('pagehide visibilitychange', () => {
    tellEngagement();
    // An order that the page has just told must not wait for the browser to be idle.
    refresh();
    send(true);
  });
}

/** Starts once for a page, when a page the browser prerendered is shown to a person; calls made meanwhile are kept. */
export function install(options: Options): void {
  const { isLoaded, q = [] } = window.throughline || ({} as Partial<Api>);
  if (isLoaded) return;
  Object.assign(config, options, { openPage, learn, referrer: document.referrer });
  const early = Array.from(q);
  let execute: Api = (...call) => early.push(call);
  const api: Api = (...call) => execute(...call);
  api.isLoaded = true;
  window.throughline = api;
  const begin = safely(() => {
    // A page or an old browser that breaks one part keeps the others.
    for (const part of [watchPages, watchLeaving, watchSubmits, watchClicks, watchPage]) attempt(part);
    execute = safely(run) as Api;
    for (const call of early) api(...call);
  });
  if ((document as { prerendering?: boolean }).prerendering) listen('prerenderingchange', begin);
  else begin();
}

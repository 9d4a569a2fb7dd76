import { learn } from './answer.ts';
import { watchClicks } from './clicks.ts';
import { run } from './commands.ts';
import { config, type Options, type Place } from './config.ts';
import { send, sendAll } from './delivery.ts';
import { isShown, tellEngagement } from './engagement.ts';
import { openPage, watchPages } from './pages.ts';
import { watchPage } from './refresh.ts';
import { attempt, listen, safely } from './safely.ts';
import { watchSubmits } from './submits.ts';

export interface Api {
  (...args: unknown[]): unknown;
  /** Calls made before this script came, as the documented stub keeps them. */
  q?: ArrayLike<unknown>[];
  isLoaded?: boolean;
}

declare global {
  interface Window {
    throughline?: Api;
  }
}

function watchLeaving(): void {
  listen('online', sendAll);
  listen('pagehide visibilitychange', ({ type }) => {
    tellEngagement();
    if (type === 'pagehide' || !isShown()) send(true);
  });
}

/** Starts once for a page, when a page the browser prerendered is shown to a person; calls made meanwhile are kept. */
export function install(options: Options & Place): void {
  const stub = window.throughline;
  // biome-ignore lint/complexity/useOptionalChain: written out for browsers of 2017 it is longer
  if (stub && stub.isLoaded) return;
  Object.assign(config, options, { openPage, learn, referrer: document.referrer });
  // biome-ignore lint/complexity/useOptionalChain: written out for browsers of 2017 it is longer
  const early = Array.from((stub && stub.q) || []);
  let execute: Api = (...args) => early.push(args);
  const api: Api = (...args) => execute(...args);
  api.isLoaded = true;
  window.throughline = api;
  const begin = safely(() => {
    // A page or an old browser that breaks one part keeps the others.
    for (const part of [watchPages, watchLeaving, watchSubmits, watchClicks, watchPage]) attempt(part);
    execute = safely(run) as Api;
    for (const call of early) execute(...Array.from(call));
  });
  if ((document as { prerendering?: boolean }).prerendering) listen('prerenderingchange', begin);
  else begin();
}

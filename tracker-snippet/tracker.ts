import { arrive } from './arrival.ts';
import { watchClicks } from './clicks.ts';
import { run, tellWaiting } from './commands.ts';
import { config, configure, type Options } from './config.ts';
import { readConsent } from './consent.ts';
import { mayKeep } from './consent-state.ts';
import { writeCookie } from './cookie.ts';
import { takeOver } from './cross-domain.ts';
import { type Answer, send, startDelivery } from './delivery.ts';
import { tellEngagement } from './engagement.ts';
import { visitCode } from './fields.ts';
import { learnNumbers } from './numbers.ts';
import { landingAddress, navigationEntry, watchPages } from './page-view.ts';
import type { Parcel } from './queue.ts';
import { refresh, watchPage } from './refresh.ts';
import { attempt, listen, safely } from './safely.ts';
import { watchSubmits } from './submits.ts';
import { track } from './track.ts';
import { isUuid } from './uuid.ts';
import { learnVisitCode } from './visit.ts';
import { keepVisitor, visitorId } from './visitor.ts';
import { watchWidgets } from './widgets.ts';

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

function learn([first]: Parcel[], answer: Answer | undefined): void {
  if (answer) {
    // The server's cookie outlives ours in Safari: the id it remembers is the older and the better one.
    if (first && first.visitor === visitorId() && isUuid(answer.visitor)) keepVisitor(answer.visitor);
    learnVisitCode(answer.visit, answer.visit_code);
    if (FULL) learnNumbers(answer.numbers);
    if (FULL && 'roistat' in config && mayKeep()) writeCookie('roistat_visit', visitCode());
  }
  tellWaiting();
  refresh();
}

function watch(): void {
  const { responseStatus: status = 0 } = navigationEntry;
  let props = FULL && status > 399 ? { status } : undefined;
  watchPages((url, previous) => {
    if (FULL) tellEngagement(previous);
    track('pageview', { props }, url);
    props = undefined;
    refresh();
  });
  listen('pagehide visibilitychange', ({ type }) => {
    if (FULL) tellEngagement();
    if (type === 'pagehide' || document.visibilityState === 'hidden') send(true);
  });
}

function start(): void {
  const parts = [
    () => {
      readConsent();
      // Written anew on every page, so that the cookie's 400 days start again.
      keepVisitor(visitorId());
      if (FULL) attempt(takeOver);
      arrive(landingAddress());
    },
    () => startDelivery(learn),
    watch,
    watchSubmits,
    watchClicks,
    watchPage,
  ];
  if (FULL) parts.push(watchWidgets);
  // A page or an old browser that breaks one part keeps the others.
  for (const part of parts) attempt(part);
}

/** Starts once for a page, when a page the browser prerendered is shown to a person; calls made meanwhile are kept. */
export function install(options: Options & { endpoint: string }): void {
  const stub = window.throughline;
  if (stub && stub.isLoaded) return;
  configure(options);
  const early = Array.from((stub && stub.q) || []);
  let execute: Api = (...args) => early.push(args);
  const api: Api = (...args) => execute(...args);
  api.isLoaded = true;
  window.throughline = api;
  const begin = safely(() => {
    start();
    execute = safely(run);
    for (const call of early) execute(...Array.from(call));
  });
  if ('prerendering' in document && document.prerendering) listen('prerenderingchange', begin);
  else begin();
}

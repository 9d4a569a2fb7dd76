import { arrive } from './arrival.ts';
import { run, tellWaiting } from './commands.ts';
import { readConfig } from './config.ts';
import { startDelivery } from './delivery.ts';
import { describeForm } from './forms.ts';
import { fillForms, startHiddenInputs } from './hidden-inputs.ts';
import { landingAddress, watchPages, whenShown } from './page-view.ts';
import { safely } from './safely.ts';
import type { Answer } from './send.ts';
import { track } from './track.ts';
import { isUuid } from './uuid.ts';
import { learnVisitCode } from './visit.ts';
import { keepVisitor, visitorId } from './visitor.ts';

interface Api {
  (...args: unknown[]): void;
  /** Calls made before this script came, as the documented stub keeps them. */
  q?: ArrayLike<unknown>[];
  isLoaded?: boolean;
}

declare global {
  interface Window {
    throughline?: Api;
  }
}

function learn(visitor: string, answer: Answer | undefined): void {
  if (answer) {
    // The server's cookie outlives ours in Safari: the id it remembers is the older and the better one.
    if (visitor === visitorId() && isUuid(answer.visitor)) keepVisitor(answer.visitor);
    learnVisitCode(answer.visit, answer.visit_code);
  }
  tellWaiting();
  fillForms();
}

function trackSubmits(): void {
  addEventListener(
    'submit',
    safely(({ target }) => {
      if (!(target instanceof HTMLFormElement)) return;
      track('form_submit', { form: describeForm(target) });
      fillForms();
    }),
    true,
  );
}

function watch(): void {
  watchPages((url) => {
    track('pageview', {}, url);
    fillForms();
  });
}

function start(): void {
  const parts = [
    // Written anew on every page, so that the cookie's 400 days start again.
    () => keepVisitor(visitorId()),
    () => arrive(landingAddress()),
    () => startDelivery(learn),
    watch,
    trackSubmits,
    startHiddenInputs,
  ];
  // A page or an old browser that breaks one part keeps the others.
  for (const part of parts) safely(part)();
}

function install(): void {
  const stub = window.throughline;
  if (stub?.isLoaded || !readConfig()) return;
  const early = Array.from(stub?.q || [], (call) => Array.from(call));
  let execute = (...args: unknown[]): void => {
    early.push(args);
  };
  const api: Api = (...args) => execute(...args);
  api.isLoaded = true;
  window.throughline = api;
  whenShown(() => {
    start();
    execute = safely(run);
    for (const call of early) execute(...call);
  });
}

safely(install)();

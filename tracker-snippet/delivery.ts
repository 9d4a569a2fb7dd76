import { type Batch, type Parcel, toBatches } from './batch.ts';
import { config } from './config.ts';
import { forget, keepWaiting, leaseMs, takeWaiting } from './retry-queue.ts';
import { safely, warn } from './safely.ts';
import { type Answer, type Outcome, post } from './send.ts';
import { visitorId } from './visitor.ts';
import type { WireEvent } from './wire-event.ts';

/** Told of every batch that is settled, with the answer when it was taken. */
type Listener = (visitor: string, answer: Answer | undefined) => void;

const gatherMs = 200;
const firstPauseMs = 5_000;
const longestPauseMs = 300_000;

let fresh: Parcel[] = [];
let gathering = 0;
let retrying = 0;
let failures = 0;
let pausedUntilMs = 0;
let onSettled: Listener = () => {};
const onTheWay = new Set<Batch>();

function retryIn(delayMs: number): void {
  clearTimeout(retrying);
  retrying = setTimeout(safely(retry), delayMs);
}

function retry(): void {
  pausedUntilMs = 0;
  const { parcels, left } = takeWaiting();
  deliver(parcels, false);
  if (left) retryIn(leaseMs);
}

function pause(atLeastMs: number): void {
  const pauseMs = Math.max(atLeastMs, Math.min(firstPauseMs * 2 ** failures++, longestPauseMs));
  pausedUntilMs = Date.now() + pauseMs;
  retryIn(pauseMs);
}

function settle(batch: Batch, outcome: Outcome): void {
  onTheWay.delete(batch);
  if (outcome.kind === 'unreachable') {
    keepWaiting(batch.parcels);
    pause(outcome.retryAfterMs);
  } else {
    forget(batch.parcels);
  }
  onSettled(batch.visitor, outcome.kind === 'taken' ? outcome.answer : undefined);
  if (outcome.kind === 'taken') {
    failures = 0;
    // The collector is there again: what waited for it need not wait for its timer.
    if (Date.now() >= pausedUntilMs) retry();
    const { rejected } = outcome.answer;
    if (rejected) warn(JSON.stringify(rejected));
  }
}

function deliver(parcels: Parcel[], isLeaving: boolean): void {
  for (const batch of toBatches(config.site, parcels)) {
    onTheWay.add(batch);
    post(config.endpoint, batch.body, isLeaving).then(safely((outcome) => settle(batch, outcome)));
  }
}

function flush(isLeaving: boolean): void {
  clearTimeout(gathering);
  gathering = 0;
  const parcels = fresh;
  fresh = [];
  for (const { event } of parcels) {
    // Single-page sites set the title after the address.
    if (event.type === 'pageview' && event.url === location.href) event.title = document.title;
  }
  if (!isLeaving && Date.now() < pausedUntilMs) keepWaiting(parcels);
  else deliver(parcels, isLeaving);
}

/** Whether nothing is on its way or about to be: no answer will come of itself. */
export const isQuiet = (): boolean => !gathering && !onTheWay.size;

/** Sends the event with its neighbours of the next 200 ms; at the latest when the page is left. */
export function enqueue(event: WireEvent): void {
  fresh.push({ visitor: visitorId(), event });
  if (!gathering) gathering = setTimeout(safely(flush), gatherMs, false);
}

// Nobody may be there to hear the answer. The next page sends these once more under the same ids, which count once.
function leave(): void {
  flush(true);
  for (const batch of onTheWay) keepWaiting(batch.parcels, Date.now() + leaseMs);
}

export function startDelivery(listener: Listener): void {
  onSettled = listener;
  addEventListener('pagehide', safely(leave));
  addEventListener('online', safely(retry));
  document.addEventListener(
    'visibilitychange',
    safely(() => {
      if (document.visibilityState === 'hidden') leave();
    }),
  );
}

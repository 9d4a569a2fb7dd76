import { config } from './config.ts';
import { consent, mayKeep } from './consent-state.ts';
import { numbersFound } from './numbers.ts';
import { type Parcel, readQueue, writeQueue } from './queue.ts';
import { listen, safely, warn } from './safely.ts';
import { post } from './send.ts';
import { visitorId } from './visitor.ts';
import type { WireEvent } from './wire-event.ts';

/** What the collector answered to a batch it took; every field is as received. */
export interface Answer {
  visitor?: unknown;
  visit?: unknown;
  visit_code?: unknown;
  /** Events that were not taken, each with its reason. */
  rejected?: unknown;
  /** Telephone numbers of the page and those to show instead, in digits. */
  numbers?: Record<string, string>;
}

/** Told of every batch that is settled, with the answer when it was taken. */
type Listener = (parcels: Parcel[], answer: Answer | undefined) => void;

const gatherMs = 200;
const leaseMs = 30_000;
const firstPauseMs = 5_000;
const longestPauseMs = 300_000;
const maxEvents = 100;
const maxBytes = 65_536;

let fresh: WireEvent[] = [];
let gathering = 0;
let retrying = 0;
let failures = 0;
let pausedUntilMs = 0;
let onSettled: Listener;

function retry(): void {
  pausedUntilMs = 0;
  send();
}

function retryIn(delayMs: number): void {
  clearTimeout(retrying);
  retrying = setTimeout(safely(retry), delayMs);
}

async function settle(parcels: Parcel[], response: Response): Promise<void> {
  const { status, ok, headers } = response;
  const ids = parcels.map(({ event }) => event.id);
  const waiting = readQueue().filter(({ event }) => !ids.includes(event.id));
  if (!status || status === 429 || status > 499) {
    for (const parcel of parcels) parcel.lease = 0;
    waiting.push(...parcels);
    const askedMs = Number(headers.get('Retry-After')) * 1000 || 0;
    const pauseMs = Math.max(askedMs, Math.min(firstPauseMs * 2 ** failures++, longestPauseMs));
    pausedUntilMs = Date.now() + pauseMs;
    retryIn(pauseMs);
  }
  writeQueue(waiting);
  const answer: Answer = ok && (await response.json().catch(() => ({})));
  onSettled(parcels, answer);
  if (!answer) return;
  failures = 0;
  if (answer.rejected) warn(JSON.stringify(answer.rejected));
  // The collector is there again: what waited for it need not wait for its timer.
  if (Date.now() >= pausedUntilMs) send();
}

// Splits what the collector would not take in one body. An event too big for any is left out.
function deliver(parcels: Parcel[], isLeaving: boolean): void {
  const [first] = parcels;
  if (!first) return;
  const body = JSON.stringify({
    site: config.site,
    visitor: first.visitor,
    consent: consent === 'denied' ? consent : undefined,
    cookieless: 'cookieless' in config || undefined,
    numbers: FULL ? numbersFound() : undefined,
    events: parcels.map(({ event }) => event),
  });
  const isOne = parcels.every(({ visitor }) => visitor === first.visitor);
  if (isOne && parcels.length <= maxEvents && new Blob([body]).size <= maxBytes) {
    post(body, isLeaving).then(safely((response) => settle(parcels, response)));
  } else if (parcels[1]) {
    const half = parcels.length >> 1;
    deliver(parcels.slice(0, half), isLeaving);
    deliver(parcels.slice(half), isLeaving);
  }
}

/** What waits, with what has come since. */
function gatherAll(): Parcel[] {
  const queue = readQueue();
  const visitor = mayKeep() ? visitorId() : undefined;
  for (const event of fresh) {
    // Single-page sites set the title after the address.
    if (event.type === 'pageview' && event.url === location.href) event.title = document.title;
    if (!visitor) event.visit = undefined;
    if (consent === 'denied') event.user = undefined;
    if (consent !== 'opt_out') queue.push({ visitor, event, lease: -1 });
  }
  fresh = [];
  return queue;
}

/** Sends what waits and is not on its way yet. `isLeaving`: at once, for the page may be gone the next moment. */
export function send(isLeaving = false): void {
  clearTimeout(gathering);
  gathering = 0;
  if (consent === 'pending') return;
  const now = Date.now();
  const queue = gatherAll();
  const isPaused = now < pausedUntilMs;
  // A page that is left sends what nobody has tried yet; the rest is for the next page.
  const free = queue.filter(({ lease }) => (isLeaving ? lease < 0 : !isPaused && lease < now));
  for (const parcel of free) parcel.lease = now + leaseMs;
  // The answer may come when the page is gone. The next one sends these once more under the same ids, which count once.
  writeQueue(queue);
  if (!isPaused && queue.length > free.length) retryIn(leaseMs);
  deliver(free, isLeaving);
}

/** Sends the event with its neighbours of the next 200 ms; at the latest when the page is left. */
export function enqueue(event: WireEvent): void {
  fresh.push(event);
  gathering = gathering || setTimeout(safely(send), gatherMs, false);
}

export function startDelivery(listener: Listener): void {
  onSettled = listener;
  listen('online', retry);
}

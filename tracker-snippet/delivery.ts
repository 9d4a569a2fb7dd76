import { config } from './config.ts';
import { consent, continueVisit, mayKeep, recall, visitor } from './kept.ts';
import { readLocal, writeLocal } from './local.ts';
import { attempt, safely } from './safely.ts';
import { numbers, parts } from './shared.ts';
import { newUuid } from './uuid.ts';
import type { Answer, EventFields, EventType, WireEvent } from './wire-event.ts';

/** A batch as it goes to the collector. It may wait for days, and the visitor may be another one by then. */
interface Parcel {
  body: string;
  /** When it was made, in milliseconds. */
  ts: number;
  /** No tab sends it before this time, in milliseconds; below zero when nobody has tried. */
  lease: number;
}

const key = 'tl_queue';
const maxWaiting = 50;
const maxAgeMs = 7 * 86_400_000;
const gatherMs = 200;
const callsMs = 3_000;
const pauseMs = 30_000;
// At most 48 KB in UTF-8 and 100 events: the collector takes 64 KiB and 100, a browser 64 KiB that may outlive a page.
const maxBodyChars = 16_000;
// Taken before the page's own fetch is watched.
const { fetch } = window;

let fresh: WireEvent[] = [];
// What waits where the browser may not keep it, or cannot.
let queued = '[]';
let gathering = 0;
let polling = 0;
let pausedUntilMs = 0;

/** What waits for the collector or for its answer: the newest batches of at most 7 days, shared by the tabs of the origin. */
const readQueue = (): Parcel[] =>
  attempt(() =>
    (JSON.parse((mayKeep() && readLocal(key)) || queued) as Parcel[]).filter(({ ts }) => ts > Date.now() - maxAgeMs),
  ) || [];

function writeQueue(parcels: Parcel[]): void {
  queued = JSON.stringify(parcels.slice(-maxWaiting));
  writeLocal(key, mayKeep() ? queued : '');
  // What another tab forgets must not outlive it here.
  if (readLocal(key) === queued) queued = '[]';
}

// Halves what the collector would not take in one body. An event too big for any it refuses alone.
function pack(events: WireEvent[], queue: Parcel[]): void {
  const isDenied = consent() !== 'granted' || undefined;
  const isKnown = mayKeep() || undefined;
  for (const event of events) {
    // Single-page sites set the title after the address.
    event.title = document.title;
    event.visit = isKnown && event.visit;
    if (isDenied) event.user = undefined;
  }
  const body = JSON.stringify({
    site: config.site,
    visitor: isKnown && visitor,
    consent: isDenied && 'denied',
    cookieless: 'cookieless' in config || undefined,
    numbers: Object.keys(numbers),
    events,
  });
  if (events[1] && body.length > maxBodyChars) {
    const half = events.splice(events.length >> 1);
    pack(events, queue);
    pack(half, queue);
  } else queue.push({ body, ts: Date.now(), lease: -1 });
}

const post = safely(async ({ body }: Parcel) => {
  const response = await fetch(config.endpoint, {
    method: 'POST',
    body,
    keepalive: body.length < maxBodyChars,
    credentials: 'include',
  }).catch(() => Response.error());
  const { ok, status, headers } = response;
  // A page of somebody else's, such as of a network that asks to sign in, is no answer.
  const answer: Answer | false = ok && (await response.json().catch(() => false));
  recall();
  const isLost = status > 428 || !status || (ok && !answer);
  const queue = readQueue().filter((other) => isLost || other.body !== body);
  for (const other of queue) if (other.body === body) other.lease = 0;
  writeQueue(queue);
  // Of the batches that are lost together one sets the timer.
  if (isLost && pausedUntilMs < Date.now()) {
    const delayMs = Math.abs((headers.get('retry-after') as never) * 1000) || pauseMs;
    pausedUntilMs = Date.now() + delayMs;
    setTimeout(safely(sendAll), delayMs);
  }
  config.learn(body, answer);
  // The collector is there again: what waited for it need not wait for its timer.
  if (answer) sendAll();
});

/** Forgets what waits, for it tells of a person who has refused, and tells the collector that he has: it deletes its cookie. */
export function forget(): void {
  const queue: Parcel[] = [];
  pack([], queue);
  writeQueue(queue);
}

/** Sends what waits and is not on its way yet. `isLeaving`: only what nobody has tried yet, the rest is for the next page. */
export function send(isLeaving?: boolean): void {
  gathering = polling = 0;
  recall();
  const now = Date.now();
  const isPaused = now < pausedUntilMs && !isLeaving;
  // While nothing is taken events are gathered, for there is room for so many batches only.
  if (consent() === 'pending' || (isPaused && !fresh[50]) || (isLeaving && !fresh[0])) return;
  const queue = readQueue();
  if (fresh[0] && consent() !== 'opt_out') pack(fresh, queue);
  fresh = [];
  const tried = isLeaving ? 0 : isPaused ? -1 : now;
  const free = queue.filter(({ lease }) => lease < tried);
  for (const parcel of free) parcel.lease = now + pauseMs;
  // Before they leave, for another tab may look just now. And the answer may come when the page is gone: the next one sends these
  // once more under the same ids, which count once.
  writeQueue(queue);
  for (const parcel of free) post(parcel);
  // What another page has on its way is looked at again: that page may be gone.
  if (queue[free.length]) polling = polling || setTimeout(safely(send), pauseMs);
}

/** Sends what waits though a pause was asked for: it is over, or the network is back. */
export function sendAll(): void {
  pausedUntilMs = 0;
  send();
}

/** Makes an event of this moment and sends it with its neighbours of the next 200 ms; at the latest when the page is left. */
export function track(type: EventType, fields: EventFields, url = location.href): void {
  fresh.push(
    Object.assign(
      {
        id: newUuid(),
        ts: Date.now(),
        type,
        visit: continueVisit(),
        url,
        referrer: config.referrer,
      },
      fields,
    ),
  );
  // Call tracking asks for the numbers of the page with its first batch.
  gathering = gathering || setTimeout(safely(send), 'calls' in config && !parts[3] ? callsMs : gatherMs);
}

/** Asks for the numbers of the page, also where the batch that should have asked has left before they were known. */
export function askNumbers(): void {
  if (!fresh[0]) track('engagement', { props: { engaged_ms: 0 } });
  send();
}

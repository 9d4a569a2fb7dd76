import { config } from './config.ts';
import { askNumbers, forget, sendAll, track } from './delivery.ts';
import { code, consent, continueVisit, decide, ids, recall, visitor } from './kept.ts';
import type { Core } from './more.ts';
import { pick } from './pick.ts';
import { refresh } from './refresh.ts';
import { attempt } from './safely.ts';
import { crmEvents, numbers, parts } from './shared.ts';
import type { EventType } from './wire-event.ts';

type Callback = (ids: { visitor: string; visit: string; visit_code: string }) => void;

let waiting: Callback[] = [];
let hasAnswer = false;

/** Calls back everybody who asked for the visit code; called when the collector has answered or has failed to. */
export function tellWaiting(): void {
  const callbacks = waiting;
  waiting = [];
  hasAnswer = true;
  // Nobody who only waits prolongs a visit.
  for (const callback of callbacks) attempt(() => callback({ visitor, visit: continueVisit(), visit_code: code }));
}

/**
 * Runs one call of `throughline(name, value)`: `get` with a callback, `consent` with its state, or an event type with its fields.
 * `identify` takes the person's keys themselves; the collector hashes them.
 */
export function run(name: unknown, value?: unknown): void {
  recall();
  if (name === 'get') {
    waiting.push(value as Callback);
    if (code || hasAnswer || consent() !== 'granted') tellWaiting();
  } else if (name === 'consent' && /^(denied|granted|opt_out)$/.test(value as string)) {
    decide(value as string);
    if (consent() !== 'granted') forget();
    sendAll();
  } else if (name === 'more' && !parts[3]) {
    (value as (...core: Core) => void)(config, track, ids, numbers, crmEvents, parts);
    refresh();
    if ('calls' in config) askNumbers();
  } else if (name === 'identify') track(name, { user: pick(value, 'phone email ym_client_id') });
  else track(name as EventType, pick(value, 'form order items user props'));
}

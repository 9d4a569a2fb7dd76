import { config } from './config.ts';
import { forget, send, track, trackForm } from './delivery.ts';
import { fieldsFor } from './fields.ts';
import { code, consent, continueVisit, decide, recall, visitor } from './kept.ts';
import { refresh } from './refresh.ts';
import { attempt, patch } from './safely.ts';
import { crmEvents, numbers, type Part, parts } from './shared.ts';
import type { EventFields, EventType } from './wire-event.ts';

type Callback = (ids: { visitor: string; visit: string; visit_code: string }) => void;

let waiting: Callback[] = [];
let hasAnswer = false;

// A copy of this moment: the page may change the object before the batch leaves. What JSON cannot carry is left out.
function pick(given: unknown, names: string): EventFields {
  const picked: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given || {}))
    if (names.includes(name)) attempt(() => (picked[name] = JSON.parse(JSON.stringify(value))));
  return picked;
}

/** Calls back everybody who asked for the visit code; called when the collector has answered or has failed to. */
export function tellWaiting(): void {
  const callbacks = waiting;
  waiting = [];
  hasAnswer = true;
  const visit = continueVisit();
  for (const callback of callbacks) attempt(() => callback({ visitor, visit, visit_code: code }));
}

/** What the second script works with, in this order. */
export type Core = [
  settings: typeof config,
  intercept: typeof patch,
  tell: typeof track,
  tellForm: typeof trackForm,
  command: typeof run,
  fields: typeof fieldsFor,
  numbersOfPage: typeof numbers,
  eventsOfForms: typeof crmEvents,
  partsOfRefresh: Part[],
];

/** Hands the core of this page to the second script. */
function attachMore(attach: (...core: Core) => void): void {
  attach(config, patch, track, trackForm, run, fieldsFor, numbers, crmEvents, parts);
  refresh();
  send();
}

/**
 * Runs one call of `throughline(name, value)`: `get` with a callback, `consent` with its state, or an event type with its fields.
 * `identify` takes the person's keys themselves; the collector hashes them.
 */
export function run(name: unknown, value?: unknown): void {
  recall();
  if (name === 'get') {
    waiting.push(value as Callback);
    if (code || hasAnswer) tellWaiting();
  } else if (name === 'consent') {
    decide(value as string);
    if (consent() !== 'granted') forget();
    send();
  } else if (name === 'more') attachMore(value as never);
  else if (name === 'identify') track(name, { user: pick(value, 'phone email ym_client_id') });
  else track(name as EventType, pick(value, 'form order items user props'));
}

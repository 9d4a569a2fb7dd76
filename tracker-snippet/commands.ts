import { decide } from './consent.ts';
import { send } from './delivery.ts';
import { visitCode } from './fields.ts';
import { attempt, warn } from './safely.ts';
import { track } from './track.ts';
import { continueVisit } from './visit.ts';
import { visitorId } from './visitor.ts';
import type { EventType } from './wire-event.ts';

const fieldNames = /^(form|order|items|user|props)$/;
const userNames = /^(phone|email|id|ym_client_id)$/;

type Callback = (ids: { visitor: string; visit: string; visit_code: string }) => void;

let waiting: Callback[] = [];
let hasAnswer = false;

// A copy of this moment: the page may change the object before the batch leaves. What JSON cannot carry is left out.
function pick(given: unknown, names: RegExp): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given || {})) {
    if (names.test(name))
      attempt(() => {
        picked[name] = JSON.parse(JSON.stringify(value));
      });
    else warn(`1 ${name}`);
  }
  return picked;
}

/** Calls back everybody who asked for the visit code; called when the collector has answered or has failed to. */
export function tellWaiting(): void {
  const callbacks = waiting;
  waiting = [];
  hasAnswer = true;
  const visit = continueVisit();
  for (const callback of callbacks)
    attempt(() => callback({ visitor: visitorId(), visit: visit.id, visit_code: visit.spoken }));
}

/**
 * Runs one call of `throughline(name, value)`: `get` with a callback, `consent` with its state, or an event type with its fields.
 * `identify` takes the person's keys themselves; the collector hashes them.
 */
export function run(name?: unknown, value?: unknown): void {
  if (name === 'get' && typeof value === 'function') {
    waiting.push(value as Callback);
    if (visitCode() || hasAnswer) tellWaiting();
  } else if (name === 'consent') {
    decide(String(value));
    send();
  } else if (name === 'identify') track(name, { user: pick(value, userNames) });
  else if (name && name !== 'get') track(name as EventType, pick(value, fieldNames));
  else warn(`2 ${name}`);
}

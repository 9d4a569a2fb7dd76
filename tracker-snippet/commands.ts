import { isQuiet } from './delivery.ts';
import { warn } from './safely.ts';
import { track } from './track.ts';
import { continueVisit } from './visit.ts';
import { visitorId } from './visitor.ts';
import { type EventType, eventTypes } from './wire-event.ts';

const fieldNames = ['form', 'order', 'items', 'user', 'props'];
const userNames = ['phone', 'email', 'id', 'ym_client_id'];

type Callback = (ids: { visitor: string; visit: string; visit_code: string }) => void;

let waiting: Callback[] = [];
let hasAnswer = false;

// A copy of this moment: the page may change the object before the batch leaves. Undefined for what JSON cannot carry.
function copyOf(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value));
  } catch {
    return undefined;
  }
}

function pick(given: unknown, names: string[]): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  const bad: string[] = [];
  for (const [name, value] of Object.entries(given || {})) {
    const copy = names.includes(name) ? copyOf(value) : undefined;
    if (copy === undefined) bad.push(name);
    else picked[name] = copy;
  }
  if (bad.length) warn(`ignored ${bad}: not a field of this event, or not JSON`);
  return picked;
}

const isEventType = (name: unknown): name is EventType => eventTypes.includes(name as EventType);

function tell(callback: Callback): void {
  const visit = continueVisit();
  callback({ visitor: visitorId(), visit: visit.id, visit_code: visit.code });
}

/** Calls back everybody who asked for the visit code; called when the collector has answered or has failed to. */
export function tellWaiting(): void {
  const callbacks = waiting;
  waiting = [];
  hasAnswer = true;
  for (const callback of callbacks) {
    try {
      tell(callback);
    } catch {
      warn('a callback of get has thrown');
    }
  }
}

function get(callback: unknown): void {
  if (typeof callback === 'function') {
    waiting.push((ids) => callback(ids));
    // An answer without a code may have been the last.
    if (continueVisit().code || (hasAnswer && isQuiet())) tellWaiting();
  } else {
    warn('get needs a callback');
  }
}

/**
 * Runs one call of `throughline(name, value)`: `get` with a callback, or an event type with its fields.
 * `identify` takes the person's keys themselves; the collector hashes them.
 */
export function run(name?: unknown, value?: unknown): void {
  if (name === 'get') get(value);
  else if (name === 'identify') track(name, { user: pick(value, userNames) });
  else if (isEventType(name)) track(name, pick(value, fieldNames));
  else warn(`ignored "${name}": no such event`);
}

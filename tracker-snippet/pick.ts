import { attempt } from './safely.ts';
import type { EventFields } from './wire-event.ts';

/** Copies these fields as they are now: the page may change the object before the batch leaves. What JSON cannot carry is left out. */
export function pick(given: unknown, names: string): EventFields {
  const picked: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given || {}))
    if (names.includes(name)) attempt(() => (picked[name] = JSON.parse(JSON.stringify(value))));
  return picked;
}

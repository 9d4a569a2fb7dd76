import { attempt } from './safely.ts';

/** What this origin keeps under the key; '' when nothing. Never throws. */
export const readLocal = (key: string): string => attempt(() => localStorage[key]) || '';

/** Keeps the value for this origin; '' deletes. Never throws. */
export function writeLocal(key: string, value: string): void {
  // An old value must not outlive a new one that does not fit; but a page that dies between the two must not lose both.
  if (!(value && attempt(() => (localStorage[key] = value)))) attempt(() => delete localStorage[key]);
}

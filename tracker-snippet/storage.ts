import { mayKeep } from './consent-state.ts';
import { readCookie, writeCookie } from './cookie.ts';
import { attempt } from './safely.ts';

// What the page remembers when nothing may be kept, or the browser forbids storage, or it is full.
const memory: Record<string, string> = {};

/** What the browser keeps under the key, whatever the visitor has decided; '' when nothing. Never throws. */
export const readKept = (key: string): string => readCookie(key) || attempt(() => localStorage.getItem(key)) || '';

/** Keeps the value for this origin, and what hosts share for all hosts of the shop; '' deletes. Never throws. */
export function keep(key: string, value: string): void {
  if (!/sou|q/.test(key)) writeCookie(key, value);
  attempt(() => {
    // An old value must not outlive a new one that does not fit.
    localStorage.removeItem(key);
    if (value) localStorage.setItem(key, value);
  });
}

export const read = (key: string): string => (mayKeep() && readKept(key)) || memory[key] || '';

/** Keeps the value in the browser where that is allowed and possible, in any case for the life of the page. */
export function write(key: string, value: string): void {
  memory[key] = value;
  if (mayKeep()) keep(key, value);
}

/** Moves what the page remembers into the browser: the older visitor and the first source stay. */
export function keepMemory(): void {
  for (const key of Object.keys(memory)) write(key, (/or|first/.test(key) && readKept(key)) || memory[key] || '');
}

/** Deletes what the browser keeps of us. */
export function erase(): void {
  for (const key in localStorage) if (/^tl_/.test(key)) keep(key, '');
}

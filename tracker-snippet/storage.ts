import { readCookie, writeCookie } from './cookie.ts';

// What the page remembers when the browser forbids storage or it is full.
const memory = new Map<string, string>();

/** Reads what this origin keeps under the key; undefined when nothing is there. Never throws. */
export function readLocal(key: string): string | undefined {
  try {
    const kept = localStorage.getItem(key);
    if (kept !== null) return kept;
  } catch {
    // Storage is forbidden: memory answers.
  }
  return memory.get(key);
}

/** Keeps the value for this origin, or for the life of the page where storage is forbidden or full. Never throws. */
export function writeLocal(key: string, value: string): void {
  memory.set(key, value);
  try {
    // An old value must not outlive a new one that does not fit.
    localStorage.removeItem(key);
    localStorage.setItem(key, value);
  } catch {
    // Memory has it.
  }
}

/** Reads what all hosts of the shop share (a cookie), else what this origin remembers of it. */
export const readShared = (key: string): string => readCookie(key) || readLocal(key) || '';

/** Keeps the value for all hosts of the shop and for this origin. */
export function writeShared(key: string, value: string): void {
  writeCookie(key, value);
  writeLocal(key, value);
}

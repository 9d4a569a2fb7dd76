import { visible } from './visible.ts';

/** Prints a text, whatever of it came from outside. */
export function tell(text: string): void {
  process.stdout.write(visible(text));
}

/** Prints a text where errors go, whatever of it came from outside. */
export function complain(text: string): void {
  process.stderr.write(visible(text));
}

/** Prints data: as it is for a program that reads it, as a text for a person at a terminal. */
export function hand(data: string | Uint8Array): void {
  process.stdout.write(typeof data === 'string' && process.stdout.isTTY ? visible(data) : data);
}

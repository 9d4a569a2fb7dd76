import type { Core } from './commands.ts';
import { readLayer } from './commerce.ts';
import { tellContacts } from './contacts.ts';
import { parts, takeCore } from './core.ts';
import { replaceNumbers } from './numbers.ts';
import { fillWidgets } from './widgets.ts';

/** Adds to the core what not every page has something for. */
export function attach(...core: Core): void {
  takeCore(...core);
  parts.push(readLayer, replaceNumbers, fillWidgets, tellContacts);
}

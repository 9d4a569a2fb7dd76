import { showCode } from './code.ts';
import { tellContacts, watchContacts } from './contacts.ts';
import { parts, takeCore } from './core.ts';
import { fillForms, watchForms } from './inputs.ts';
import type { Core } from './more.ts';
import { replaceNumbers } from './numbers.ts';
import { fillWidgets } from './widgets.ts';

/** Adds to the core what changes the page. */
export function attach(...core: Core): void {
  takeCore(...core);
  parts.push(fillForms, showCode, replaceNumbers, fillWidgets, tellContacts);
  watchForms();
  watchContacts();
}

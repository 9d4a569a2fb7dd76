import { readLayer } from './commerce.ts';
import { visitCode } from './fields.ts';
import { fillForms } from './inputs.ts';
import { replaceNumbers } from './numbers.ts';
import { attempt, listen } from './safely.ts';
import { fillWidgets } from './widgets.ts';

// A page that is being built changes hundreds of times a second; it is looked at this often.
const refreshMs = 50;

const parts = [fillForms, readLayer];
if (FULL) parts.push(replaceNumbers, fillWidgets);

/** Brings all that we put into the page up to date, and takes up what has come into it since. */
export function refresh(): void {
  const code = visitCode();
  for (const part of parts) attempt(part);
  for (const place of document.querySelectorAll('[data-throughline-code]'))
    if (code && place.textContent !== code) place.textContent = code;
}

export function watchPage(): void {
  let pending = 0;
  refresh();
  listen('storage', refresh);
  new MutationObserver(() => {
    pending =
      pending ||
      setTimeout(() => {
        pending = 0;
        refresh();
      }, refreshMs);
  }).observe(document, { childList: true, subtree: true });
}

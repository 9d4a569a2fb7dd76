import { tellContacts } from './contacts.ts';
import { tellForm } from './forms.ts';
import { fillForms, standAside } from './inputs.ts';
import { listen, patch, safely } from './safely.ts';

const clickMs = 2000;
let clicked: HTMLFormElement | null | undefined;
let clickedAtMs = 0;

function tellSubmit(form: HTMLFormElement): void {
  clicked = undefined;
  tellForm('form_submit', form);
  if (FULL) tellContacts(form);
  fillForms();
}

/** A script may send a form without the browser's submit: a body that leaves just after a click on a button of the form is it. */
export function noteButton(button: Element | null): void {
  clicked = button && button.closest('form');
  clickedAtMs = Date.now();
}

function sent(body: unknown): void {
  if (body && clicked && Date.now() - clickedAtMs < clickMs) tellSubmit(clicked);
}

export function watchSubmits(): void {
  listen<SubmitEvent>('submit', ({ target }) => tellSubmit(target as HTMLFormElement));
  // After the handlers of the page, which may have taken the submit over.
  addEventListener('submit', safely(standAside));
  if ('fetch' in window) patch(window, 'fetch', (_: unknown, options?: RequestInit) => sent(options && options.body));
  patch(XMLHttpRequest.prototype, 'send', sent);
}

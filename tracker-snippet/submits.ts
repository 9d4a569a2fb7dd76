import { tellForm } from './forms.ts';
import { standAside } from './inputs.ts';
import { refresh } from './refresh.ts';
import { listen, patch, safely } from './safely.ts';

const clickMs = 2_000;
const repeatMs = 10_000;
let clicked: HTMLFormElement | null | undefined;
let clickedAtMs = 0;
let told: HTMLFormElement | undefined;
let toldAtMs = 0;

// A page may take its submit over and call submit() itself, or send the form by a request, or both.
function tellSubmit(form: HTMLFormElement): void {
  clicked = undefined;
  if (form === told && Date.now() - toldAtMs < repeatMs) return;
  told = form;
  toldAtMs = Date.now();
  tellForm('form_submit', form);
  refresh(form);
}

/** A script may send a form without the browser's submit: a body that leaves just after a click on a button of the form is it. */
export function noteButton(button: Element | null): void {
  // A form that the browser finds wrong is not sent.
  // biome-ignore lint/complexity/useOptionalChain: written out for browsers of 2017 it is longer
  clicked = button && button.closest<HTMLFormElement>('form:valid');
  clickedAtMs = Date.now();
}

function sent(body: unknown): void {
  if (body && clicked && Date.now() - clickedAtMs < clickMs) tellSubmit(clicked);
}

export function watchSubmits(): void {
  listen<SubmitEvent>('submit', ({ target }) => tellSubmit(target as HTMLFormElement));
  // After the handlers of the page, which may have taken the submit over.
  addEventListener('submit', safely(standAside) as never);
  patch(HTMLFormElement.prototype, 'submit', (form) => {
    tellSubmit(form);
    standAside({ target: form });
  });
  patch(XMLHttpRequest.prototype, 'send', (_, body) => sent(body));
  if ('fetch' in window)
    patch(window, 'fetch', (_, request: Request, options?: RequestInit) => sent((options || request).body));
}

import { track } from './delivery.ts';
import { attribute, goal, methodOf, nameOf, toldOf } from './forms.ts';
import { refresh } from './refresh.ts';
import { listen, patch } from './safely.ts';

const clickMs = 2_000;
const repeatMs = 10_000;
let clicked: HTMLFormElement | null | undefined;
let clickedAtMs = 0;
let told: HTMLFormElement | undefined;
let toldAtMs = 0;

function formId(form: HTMLFormElement): string {
  const path = goal(form).pathname || '';
  const alike = Array.from(document.forms).filter((other) => path === goal(other).pathname);
  return nameOf(form, path, alike.indexOf(form));
}

// A page may take its submit over and call submit() itself, or send the form by a request, or both.
function tellSubmit(form: HTMLFormElement): void {
  clicked = undefined;
  if (form === told && Date.now() - toldAtMs < repeatMs) return;
  told = form;
  toldAtMs = Date.now();
  track('form_submit', toldOf(formId(form), attribute(form, 'name')));
  refresh(form);
}

/** A script may send a form without the browser's submit: a body that leaves just after a click on a button of the form is it. */
export function noteButton(button: Element | null): void {
  // A form that the browser finds wrong is not sent.
  // biome-ignore lint/complexity/useOptionalChain: written out for browsers of 2017 it is longer
  clicked = button && button.closest<HTMLFormElement>('form:valid');
  clickedAtMs = Date.now();
}

// Counters and chats send at any time: the body of a form names a field of it.
function sent(body: unknown): void {
  if (!body || !clicked || Date.now() - clickedAtMs > clickMs) return;
  const named = body instanceof FormData ? [...body.keys()].join() : `${body}`;
  // A name of a few letters stands in nearly any body; fields that a framework keeps may have none.
  const isNamed = (field: Element) =>
    (attribute(field, 'name').match(/\w{5,}/g) || []).some((part) => named.includes(part));
  if (
    /Stream/.test(named) ||
    !clicked.querySelector('[name]:not(.throughline)') ||
    Array.from(clicked.querySelectorAll('[name]')).some(isNamed)
  )
    tellSubmit(clicked);
}

export function watchSubmits(): void {
  listen<SubmitEvent>('submit', (event) => {
    const form = event.target as HTMLFormElement;
    const method = methodOf(form);
    // What the browser itself writes into an address is a search or a filter. Whether it does is known after the handlers of the page.
    if (method === 'post') tellSubmit(form);
    else if (!method) setTimeout(() => event.defaultPrevented && tellSubmit(form));
  });
  patch(HTMLFormElement.prototype, 'submit', (form) => methodOf(form) === 'post' && tellSubmit(form));
  patch(XMLHttpRequest.prototype, 'send', (_, body) => sent(body));
  patch(window, 'fetch', (_, request: Request, options?: RequestInit) => sent((options || request).body));
}

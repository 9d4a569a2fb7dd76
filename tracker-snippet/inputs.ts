import { mayChange, track } from './core.ts';
import { commonFields, fieldsFor } from './fields.ts';
import { attribute, goal, methodOf, nameOf, toldOf } from './forms.ts';
import { listen, patch, safely } from './safely.ts';

// The inputs that forms have been given.
const given = new WeakMap<HTMLFormElement, HTMLInputElement[]>();
const seen = new WeakSet<HTMLFormElement>();
// What a person writes into: a form of a search, of a basket or of hidden fields alone is not looked at as a form that was shown.
const writable = 'textarea,input:not([type]),[type=text],[type=tel],[type=email]';

// Inputs that we have made are told by their class: the site may name them as it likes.
function clearForm(form: HTMLFormElement): void {
  for (const input of form.querySelectorAll('.throughline')) input.remove();
  given.delete(form);
}

// The one of this name, which may be the site's own, or one that we make.
function inputOf(form: HTMLFormElement, name: string): HTMLInputElement {
  const found = form.querySelector<HTMLInputElement>(`input[name="${name}"]`);
  if (found) return found;
  const input = Object.assign(document.createElement('input'), { type: 'hidden', name, className: 'throughline' });
  form.append(input);
  return input;
}

function fill(form: HTMLFormElement, fields: [string, string][]): void {
  let inputs = given.get(form);
  // A page draws its forms anew, and there may be hundreds.
  if (!inputs || inputs.length !== fields.length || inputs.some((input) => input.form !== form)) {
    inputs = fields.map(([name]) => inputOf(form, name));
    given.set(form, inputs);
  }
  inputs.forEach((input, index) => {
    const [, value = ''] = fields[index] || [];
    if (input.value !== value) input.value = value;
  });
}

function watchView(form: HTMLFormElement, id: string): void {
  if (seen.has(form) || !form.querySelector(writable)) return;
  seen.add(form);
  new IntersectionObserver(
    safely(([{ isIntersecting }]: [IntersectionObserverEntry], observer: IntersectionObserver) => {
      if (!isIntersecting) return;
      observer.disconnect();
      track('form_view', toldOf(id, attribute(form, 'name')));
    }) as never,
  ).observe(form);
}

/** Calls with each form, what it is called, and whether it stays on the site and out of the address. */
function eachForm(run: (form: HTMLFormElement, id: string, isOurs: boolean) => void): void {
  const counts: Record<string, number> = {};
  for (const form of document.forms) {
    const { origin, pathname = '' } = goal(form);
    const number = counts[pathname] || 0;
    counts[pathname] = number + 1;
    const isOurs = origin === location.origin && methodOf(form) !== 'get';
    run(form, nameOf(form, pathname, number), isOurs);
  }
}

/** Brings our inputs up to date in every form but those sent to another origin or written into an address (search, filters). */
export function fillForms(): void {
  aside = undefined;
  if (!mayChange()) return;
  const common = commonFields();
  eachForm((form, id, isOurs) => {
    if (!isOurs) return clearForm(form);
    fill(form, fieldsFor(id, common));
    watchView(form, id);
  });
}

let submitted: SubmitEvent | undefined;
// The form in which our inputs have stood aside just now.
let aside: HTMLFormElement | undefined;

// The submit is over and nobody has prevented it: it is the browser that gathers the fields now, not a script.
const isSentByBrowser = (form: EventTarget | null): boolean =>
  submitted?.target === form && submitted?.eventPhase === 0 && !submitted?.defaultPrevented;

const effectiveMethod = (form: HTMLFormElement, submitter?: Element | null): string =>
  (submitter && attribute(submitter, 'formmethod').toLowerCase()) || methodOf(form);

// A form that is sent before the page may be changed takes its fields as they are gathered, and none into an address.
function takeFields({ target, formData }: FormDataEvent): void {
  eachForm((form, id, isOurs) => {
    if (form !== target || !isOurs) return;
    const isShown = isSentByBrowser(form) && effectiveMethod(form, submitted?.submitter) !== 'post';
    for (const [name, value] of fieldsFor(id)) {
      if (isShown && form.querySelector(`.throughline[name="${name}"]`)) formData.delete(name);
      else if (!isShown && form !== aside && !formData.has(name)) formData.set(name, value);
    }
  });
}

/**
 * A form without a method that no script has taken over shows its fields in the address, and a button may send a form elsewhere:
 * there the inputs stand aside.
 */
function standAside({ target, submitter, defaultPrevented }: Partial<SubmitEvent>): void {
  const form = target as HTMLFormElement;
  if (!defaultPrevented && (submitter?.hasAttribute('formaction') || effectiveMethod(form, submitter) !== 'post')) {
    clearForm(form);
    aside = form;
  }
}

export function watchForms(): void {
  listen<SubmitEvent>('submit', (event) => {
    submitted = event;
  });
  listen('formdata', takeFields);
  // After the handlers of the page, which may have taken the submit over.
  addEventListener('submit', safely(standAside) as never);
  patch(HTMLFormElement.prototype, 'submit', (form) => standAside({ target: form }));
}

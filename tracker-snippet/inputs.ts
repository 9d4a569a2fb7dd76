import { trackForm } from './core.ts';
import { commonFields, fieldsFor } from './fields.ts';
import { attribute, givenName, goal, methodOf } from './forms.ts';
import { patch, safely } from './safely.ts';

// Forms by the fields they have been given last.
const given = new WeakMap<HTMLFormElement, string>();
const seen = new WeakSet<HTMLFormElement>();
// What a person writes into: a form of a search, of a basket or of hidden fields alone is not looked at as a form that was shown.
const writable = 'textarea,input:not([type]),[type=text],[type=tel],[type=email]';

// Inputs that we have made are told by their class: the site may name them as it likes.
function clearForm(form: HTMLFormElement): void {
  for (const input of form.querySelectorAll('.throughline')) input.remove();
  given.delete(form);
}

function fill(form: HTMLFormElement, fields: [string, string][]): void {
  const text = String(fields);
  // A page draws its forms anew, and there may be hundreds.
  if (given.get(form) === text && form.querySelector('.throughline')) return;
  given.set(form, text);
  for (const [name, value] of fields) {
    let input = form.querySelector<HTMLInputElement>(`input[name="${name}"]`);
    if (!input) {
      input = Object.assign(document.createElement('input'), { type: 'hidden', name, className: 'throughline' });
      form.append(input);
    }
    if (input.value !== value) input.value = value;
  }
}

function watchView(form: HTMLFormElement, id: string): void {
  if (seen.has(form) || !form.querySelector(writable)) return;
  seen.add(form);
  new IntersectionObserver(
    safely(([{ isIntersecting }]: [IntersectionObserverEntry], observer: IntersectionObserver) => {
      if (!isIntersecting) return;
      observer.disconnect();
      trackForm('form_view', id, attribute(form, 'name'));
    }) as never,
  ).observe(form);
}

/** Brings our inputs up to date in every form but those sent to another origin or written into an address (search, filters). */
export function fillForms(): void {
  const common = commonFields();
  const counts: Record<string, number> = {};
  for (const form of document.forms) {
    const { origin, pathname = '' } = goal(form);
    const number = counts[pathname] || 0;
    counts[pathname] = number + 1;
    const id = givenName(form) || `${pathname}#${number}`;
    if (origin !== location.origin || methodOf(form) === 'get') clearForm(form);
    else {
      fill(form, fieldsFor(id, common));
      watchView(form, id);
    }
  }
}

/**
 * A form without a method that no script has taken over shows its fields in the address, and a button may send a form elsewhere:
 * there the inputs stand aside.
 */
function standAside({ target, submitter, defaultPrevented }: Partial<SubmitEvent>): void {
  const form = target as HTMLFormElement;
  const method = (submitter && attribute(submitter, 'formmethod').toLowerCase()) || methodOf(form);
  if (!defaultPrevented && (submitter?.hasAttribute('formaction') || method !== 'post')) clearForm(form);
}

export function watchForms(): void {
  // After the handlers of the page, which may have taken the submit over.
  addEventListener('submit', safely(standAside) as never);
  patch(HTMLFormElement.prototype, 'submit', (form) => standAside({ target: form }));
}

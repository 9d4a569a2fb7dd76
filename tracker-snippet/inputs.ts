import { config } from './config.ts';
import { fieldsFor } from './fields.ts';
import { formId, isForeign, methodOf, tellForm } from './forms.ts';
import { safely } from './safely.ts';

const seen = new WeakSet<Element>();
let observer: IntersectionObserver | undefined;

// Inputs that we have made are marked by data-tl: the site may name them as it likes.
const ours = (form: HTMLFormElement): NodeListOf<HTMLInputElement> => form.querySelectorAll('[data-tl]');

function fill(form: HTMLFormElement, fields: Record<string, string>): void {
  fields.form = formId(form);
  const put = (name: string, value = '') => {
    let input = form.querySelector<HTMLInputElement>(`input[name="${name}"]`);
    if (!input) {
      input = Object.assign(document.createElement('input'), { type: 'hidden', name });
      input.dataset.tl = '';
      form.append(input);
    }
    if (input.value !== value) input.value = value;
  };
  for (const name of Object.keys(fields)) put(`throughline_${name}`, fields[name]);
  if (FULL) for (const [name, field] of new URLSearchParams(config.inputs)) put(name, fields[field]);
  if ('roistat' in config) put('roistat_visit', fields.visit_code);
}

function watchView(form: HTMLFormElement): void {
  observer =
    observer ||
    new IntersectionObserver(
      safely((entries: IntersectionObserverEntry[]) => {
        for (const { isIntersecting, target } of entries) {
          if (!isIntersecting || seen.has(target)) continue;
          seen.add(target);
          tellForm('form_view', target as HTMLFormElement);
        }
      }),
    );
  observer.observe(form);
}

/** Brings our inputs up to date in every form but those sent to another origin or written into an address (search, filters). */
export function fillForms(): void {
  // Once for all forms: asking the browser for its cookies stops the page for a moment.
  const fields = fieldsFor('');
  for (const form of document.forms) {
    if (isForeign(form) || methodOf(form) === 'get') for (const input of ours(form)) input.remove();
    else {
      fill(form, fields);
      if (FULL) watchView(form);
    }
  }
}

/**
 * A form without a method that no script has taken over shows its fields in the address, and a button may send a form elsewhere:
 * there the inputs stand aside.
 */
export function standAside({ target, submitter, defaultPrevented }: SubmitEvent): void {
  const form = target as HTMLFormElement;
  if (defaultPrevented || (methodOf(form, submitter) === 'post' && !isForeign(form, submitter))) return;
  for (const input of ours(form)) {
    input.disabled = true;
    setTimeout(() => {
      input.disabled = false;
    });
  }
}

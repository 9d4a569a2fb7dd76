import { fieldsFor } from './fields.ts';
import { formId, isForeign, methodOf, tellForm } from './forms.ts';
import { safely } from './safely.ts';

const seen = new WeakSet<Element>();
let observer: IntersectionObserver | undefined;

// Inputs that we have made are told by their class: the site may name them as it likes.
function clearForm(form: HTMLFormElement): void {
  for (const input of form.querySelectorAll('.throughline')) input.remove();
}

function fill(form: HTMLFormElement): void {
  for (const [name, value = ''] of fieldsFor(formId(form))) {
    let input = form.querySelector<HTMLInputElement>(`input[name="${name}"]`);
    if (!input) {
      input = Object.assign(document.createElement('input'), { type: 'hidden', name, className: 'throughline' });
      form.append(input);
    }
    if (input.value !== value) input.value = value;
  }
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
  for (const form of document.forms) {
    if (isForeign(form) || methodOf(form) === 'get') clearForm(form);
    else {
      fill(form);
      watchView(form);
    }
  }
}

/**
 * A form without a method that no script has taken over shows its fields in the address, and a button may send a form elsewhere:
 * there the inputs stand aside.
 */
export function standAside({ target, submitter, defaultPrevented }: Partial<SubmitEvent>): void {
  const form = target as HTMLFormElement;
  // biome-ignore lint/complexity/useOptionalChain: written out for browsers of 2017 it is longer
  const isElsewhere = submitter && submitter.hasAttribute('formaction');
  if (!defaultPrevented && (isElsewhere || methodOf(form) !== 'post')) clearForm(form);
}

import { knownSources } from './arrival.ts';
import { formId, isForeign, methodOf } from './forms.ts';
import { safely } from './safely.ts';
import { liveVisit, visitKey } from './visit.ts';
import { visitorId } from './visitor.ts';

const prefix = 'throughline_';
// A page that is being built changes hundreds of times a second; its forms are looked at this often.
const refillMs = 50;

function valuesFor(form: HTMLFormElement): Record<string, string> {
  const visit = liveVisit();
  const { first, last } = knownSources();
  return {
    visit_code: visit ? visit.code : '',
    visit: visit ? visit.id : '',
    visitor: visitorId(),
    page: location.href,
    form: formId(form),
    source: last,
    first_source: first,
  };
}

const ours = (form: HTMLFormElement, name = ''): NodeListOf<HTMLInputElement> =>
  form.querySelectorAll(`input[name${name ? '' : '^'}="${prefix}${name}"]`);

function fill(form: HTMLFormElement): void {
  const values = valuesFor(form);
  for (const name of Object.keys(values)) {
    const value = values[name] || '';
    let input = ours(form, name)[0];
    if (!input) {
      input = document.createElement('input');
      input.type = 'hidden';
      input.name = prefix + name;
      form.appendChild(input);
    }
    if (input.value !== value) input.value = value;
  }
}

/** Brings our inputs up to date in every form but those sent to another origin or written into an address (search, filters). */
export function fillForms(): void {
  for (const form of Array.from(document.forms)) {
    if (isForeign(form) || methodOf(form) === 'get') for (const input of Array.from(ours(form))) input.remove();
    else fill(form);
  }
}

// A form without a method that no script has taken over shows its fields in the address, and a button may send a form
// elsewhere: there the inputs stand aside.
function standAside(event: SubmitEvent): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
  if (methodOf(form, event.submitter) === 'post' && !isForeign(form, event.submitter)) return;
  for (const input of Array.from(ours(form))) {
    input.disabled = true;
    setTimeout(() => {
      input.disabled = false;
    });
  }
}

/** Keeps hidden inputs in every form of the page, in those added later too. */
export function startHiddenInputs(): void {
  const refill = safely(fillForms);
  refill();
  let pending = 0;
  const refillSoon = () => {
    pending =
      pending ||
      setTimeout(() => {
        pending = 0;
        refill();
      }, refillMs);
  };
  new MutationObserver(refillSoon).observe(document, { childList: true, subtree: true });
  addEventListener('submit', safely(standAside));
  addEventListener('storage', (event) => {
    if (event.key === visitKey) refill();
  });
}

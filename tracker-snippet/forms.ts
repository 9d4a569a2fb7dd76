// Attributes, never properties: a field named "id" or "action" hides the form's own property.
const attribute = (form: HTMLFormElement, name: string): string => form.getAttribute(name) || '';

function actionUrl(form: HTMLFormElement, submitter?: HTMLElement | null): URL | undefined {
  const action = submitter?.getAttribute('formaction') || attribute(form, 'action');
  try {
    // `javascript:` in an action is the habit of forms that are sent by a script of the page.
    return new URL(/^javascript:/i.test(action) ? '' : action || location.href, document.baseURI);
  } catch {
    return undefined;
  }
}

/** Whether the fields of the form would go to another origin. */
export function isForeign(form: HTMLFormElement, submitter?: HTMLElement | null): boolean {
  const url = actionUrl(form, submitter);
  return !url || url.origin !== location.origin;
}

/** How the form is sent, in lower case; empty for a form that says nothing: the browser uses get, a script what it likes. */
export const methodOf = (form: HTMLFormElement, submitter?: HTMLElement | null): string =>
  (submitter?.getAttribute('formmethod') || attribute(form, 'method')).toLowerCase();

const pathOf = (form: HTMLFormElement): string => {
  const url = actionUrl(form);
  return url ? url.pathname : '';
};

/** What a form is called: `data-throughline-form`, id, name, else the path it is sent to and its number among such forms. */
export function formId(form: HTMLFormElement): string {
  const named = attribute(form, 'data-throughline-form') || attribute(form, 'id') || attribute(form, 'name');
  if (named) return named;
  const path = pathOf(form);
  const alike = Array.from(document.forms).filter((other) => pathOf(other) === path);
  return `${path}#${alike.indexOf(form)}`;
}

/** The form as an event tells it. No field of the form is read. */
export const describeForm = (form: HTMLFormElement): { id: string; name: string; page: string } => ({
  id: formId(form),
  name: attribute(form, 'name'),
  page: location.href,
});

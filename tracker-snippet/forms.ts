import { attempt } from './safely.ts';

// Attributes, never properties: a field named "id" or "action" hides the form's own property.
export const attribute = (form: Element, name: string): string => form.getAttribute(name) || '';

/** Where the fields of the form would go. `javascript:` in an action is the habit of forms that are sent by a script of the page. */
export const goal = (form: HTMLFormElement): { origin?: string; pathname?: string } =>
  attempt(() => new URL(attribute(form, 'action').split('javascript:')[0] || location.href, document.baseURI)) || {};

/** How the form is sent, in lower case; empty for a form that says nothing: the browser uses get, a script what it likes. */
export const methodOf = (form: HTMLFormElement): string => attribute(form, 'method').toLowerCase();

/** What the site calls a form: `data-throughline-form`, id or name; empty when it says nothing. */
export const givenName = (form: HTMLFormElement): string =>
  attribute(form, 'data-throughline-form') || attribute(form, 'id') || attribute(form, 'name');

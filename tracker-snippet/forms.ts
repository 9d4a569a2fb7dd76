import { attempt } from './safely.ts';
import type { EventFields } from './wire-event.ts';

// Attributes, never properties: a field named "id" or "action" hides the form's own property.
export const attribute = (form: Element, name: string): string => form.getAttribute(name) || '';

/** Where the fields of the form would go. `javascript:` in an action is the habit of forms that are sent by a script of the page. */
export const goal = (form: HTMLFormElement): { origin?: string; pathname?: string } =>
  attempt(() => new URL(attribute(form, 'action').split('javascript:')[0] || location.href, document.baseURI)) || {};

/** How the form is sent, in lower case; empty for a form that says nothing: the browser uses get, a script what it likes. */
export const methodOf = (form: HTMLFormElement): string => attribute(form, 'method').toLowerCase();

/** What a form is called: `data-throughline-form`, id, name, else the path it is sent to and its number among such forms. */
export const nameOf = (form: HTMLFormElement, path: string, number: number): string =>
  attribute(form, 'data-throughline-form') || attribute(form, 'id') || attribute(form, 'name') || `${path}#${number}`;

/** What an event tells of a form; no field of it is read. */
export const toldOf = (id: string, name = ''): EventFields => ({ form: { id, name, page: location.href } });

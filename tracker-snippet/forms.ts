import { trackForm } from './delivery.ts';
import { attempt } from './safely.ts';
import type { EventType } from './wire-event.ts';

// Attributes, never properties: a field named "id" or "action" hides the form's own property.
const attribute = (form: HTMLFormElement, name: string): string => form.getAttribute(name) || '';

// `javascript:` in an action is the habit of forms that are sent by a script of the page.
const goal = (form: HTMLFormElement): { origin?: string; pathname?: string } =>
  attempt(() => new URL(attribute(form, 'action').split('javascript:')[0] || location.href, document.baseURI)) || {};

/** Whether the fields of the form would go to another origin. */
export const isForeign = (form: HTMLFormElement): boolean => goal(form).origin !== location.origin;

/** How the form is sent, in lower case; empty for a form that says nothing: the browser uses get, a script what it likes. */
export const methodOf = (form: HTMLFormElement): string => attribute(form, 'method').toLowerCase();

/** What a form is called: `data-throughline-form`, id, name, else the path it is sent to and its number among such forms. */
export function formId(form: HTMLFormElement): string {
  const path = goal(form).pathname || '';
  const alike = Array.from(document.forms).filter((other) => goal(other).pathname === path);
  return (
    attribute(form, 'data-throughline-form') ||
    attribute(form, 'id') ||
    attribute(form, 'name') ||
    `${path}#${alike.indexOf(form)}`
  );
}

/** Tells of the form; no field of it is read. */
export const tellForm = (type: EventType, form: HTMLFormElement): void =>
  trackForm(type, formId(form), attribute(form, 'name'));

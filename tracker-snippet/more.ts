import { run } from './commands.ts';
import { config } from './config.ts';
import { send, track, trackForm } from './delivery.ts';
import { fieldsFor } from './fields.ts';
import { parts, refresh } from './refresh.ts';
import { patch } from './safely.ts';

/** Looks at the page when it may have changed, and at each form as it is sent. */
export type Part = (sent?: unknown) => unknown;

/** Telephone numbers of the page in digits, and those to show instead; '' until the collector has answered. */
export const numbers: Record<string, string> = {};
/** What the CRM forms of the page have told of themselves, until the second script takes it. */
export const crmEvents: CustomEvent[] = [];

/** What the second script works with, in this order. */
export type Core = [
  settings: typeof config,
  intercept: typeof patch,
  tell: typeof track,
  tellForm: typeof trackForm,
  command: typeof run,
  fields: typeof fieldsFor,
  numbersOfPage: typeof numbers,
  eventsOfForms: typeof crmEvents,
  partsOfRefresh: Part[],
];

/** Hands the core of this page to the second script. */
export function attachMore(attach: (...core: Core) => void): void {
  attach(config, patch, track, trackForm, run, fieldsFor, numbers, crmEvents, parts);
  refresh();
  send();
}

/** Loads the second script from beside the first, on a page that has something for it. */
export function loadMore(): void {
  const { layer = 'dataLayer', more, nonce, integrity = '' } = config;
  const page = window as unknown as { [name: string]: unknown };
  const isNeeded = 'calls' in config || page[layer] || page['jivo_api'] || crmEvents[0];
  if (!more || !(isNeeded || document.querySelector('[data-throughline-contacts]'))) return;
  config.more = '';
  document.head.append(
    Object.assign(document.createElement('script'), { src: more, nonce, integrity, crossOrigin: '' }),
  );
}

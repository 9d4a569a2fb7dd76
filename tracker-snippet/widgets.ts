import { crmEvents, track } from './core.ts';
import { fieldsFor } from './fields.ts';
import { toldOf } from './forms.ts';
import { patch } from './safely.ts';

/** A CRM form of Bitrix24, as its events hand it over: helpdesk.bitrix24.ru/open/12802786 */
interface CrmForm {
  identification: { id: unknown };
  setProperty(name: string, value: string | undefined): void;
}

/** What Jivo puts on the page, and what it calls there. */
interface WidgetPage {
  jivo_api?: { setUserToken(token: string): void };
  jivo_onIntroduction?: unknown;
  jivo_onCallStart?: unknown;
}

const page: WidgetPage = window as object;
const crmForms: CrmForm[] = [];
let jivo: unknown;

const idOf = (form: CrmForm): string => `b24_${form.identification.id}`;

function takeEvent({ type, detail: { object } }: CustomEvent): void {
  if (/t$/.test(type)) crmForms.push(object);
  else track(/w$/.test(type) ? 'form_view' : 'form_submit', toldOf(idOf(object)));
}

/** Gives the fields of our hidden inputs to the widgets of the page, and listens to Jivo when it is there. */
export function fillWidgets(): void {
  for (const event of crmEvents.splice(0)) takeEvent(event);
  for (const form of crmForms) for (const [name, value] of fieldsFor(idOf(form))) form.setProperty(name, value);
  const { jivo_api: found } = page;
  if (!found || jivo) return;
  jivo = found;
  // biome-ignore lint/complexity/useOptionalChain: the second script comes after the first
  window.throughline && window.throughline('get', ({ visitor }: { visitor: string }) => found.setUserToken(visitor));
  for (const name of ['jivo_onIntroduction', 'jivo_onCallStart'] as const)
    patch(page, name, () => track('form_submit', toldOf(name)));
}

import { fieldsFor } from './fields.ts';
import { listen, patch } from './safely.ts';
import { trackForm } from './track.ts';
import { visitorId } from './visitor.ts';

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

/** Gives the fields of our hidden inputs to the widgets of the page, and listens to Jivo when it is there. */
export function fillWidgets(): void {
  for (const form of crmForms) {
    const fields = fieldsFor(idOf(form));
    for (const name of Object.keys(fields)) form.setProperty(`throughline_${name}`, fields[name]);
  }
  if (!page.jivo_api || jivo) return;
  jivo = page.jivo_api;
  page.jivo_api.setUserToken(visitorId());
  for (const name of ['jivo_onIntroduction', 'jivo_onCallStart'] as const)
    patch(page, name, () => trackForm('form_submit', name));
}

export function watchWidgets(): void {
  listen('b24:form:init b24:form:view b24:form:send:success', ({ type, detail: { object } }: CustomEvent) => {
    if (/w$/.test(type)) trackForm('form_view', idOf(object));
    else if (/s$/.test(type)) trackForm('form_submit', idOf(object));
    else crmForms.push(object);
    fillWidgets();
  });
}

import { firstSource, lastSource } from './arrival.ts';
import { readCookie } from './cookie.ts';
import { liveVisit } from './visit.ts';
import { visitorId } from './visitor.ts';

/** The visit code, empty until the collector has answered. */
export const visitCode = (): string => liveVisit().spoken || '';

/** What a form takes to the site, by the names of the hidden inputs without their prefix. */
export const fieldsFor = (form: string): Record<string, string> => ({
  visit_code: visitCode(),
  visit: liveVisit().id || '',
  visitor: visitorId(),
  page: location.href,
  form,
  source: lastSource(),
  first_source: firstSource(),
  ym_client_id: readCookie('_ym_uid'),
  ga_client_id: readCookie('_ga').split('.').slice(-2).join('.'),
});

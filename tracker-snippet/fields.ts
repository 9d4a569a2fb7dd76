import { config } from './config.ts';
import { readCookie, readCookies } from './cookie.ts';
import { ids } from './core.ts';

/** What every form takes to the site, by the names of its hidden inputs; nothing of it without consent. */
export function commonFields(): Record<string, string> {
  readCookies();
  const [visit_code = '', visit = '', visitor = '', source = '', first_source = ''] = ids();
  return {
    visit_code,
    visit,
    visitor,
    page: location.href,
    source,
    first_source,
    ym_client_id: readCookie('_ym_uid'),
    ga_client_id: readCookie('_ga').split('.').slice(-2).join('.'),
  };
}

/** What the form with this name takes to the site, by the names of its hidden inputs. */
export function fieldsFor(form: string, common = commonFields()): [name: string, value: string][] {
  const fields: Record<string, string> = Object.assign({ form }, common);
  const textOf = (field: string): string => (common.visitor && fields[field]) || '';
  const named = Object.keys(fields).map((field): [string, string] => [`throughline_${field}`, textOf(field)]);
  for (const [name, field] of new URLSearchParams(config.inputs)) named.push([name, textOf(field)]);
  if ('roistat' in config) named.push(['roistat_visit', textOf('visit_code')]);
  return named;
}

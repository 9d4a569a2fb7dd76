import { config } from './config.ts';
import { readCookie } from './cookie.ts';
import { code, firstSource, lastSource, recall, visit, visitor } from './kept.ts';

/** What a form takes to the site, by the names of its hidden inputs. */
export function fieldsFor(form: string): [string, string | undefined][] {
  recall();
  const fields: Record<string, string | undefined> = {
    throughline_visit_code: code,
    throughline_visit: visit,
    throughline_visitor: visitor,
    throughline_page: location.href,
    throughline_form: form,
    throughline_source: lastSource,
    throughline_first_source: firstSource,
    throughline_ym_client_id: readCookie('_ym_uid'),
    throughline_ga_client_id: readCookie('_ga').split('.').slice(-2).join('.'),
  };
  for (const [name, field] of new URLSearchParams(config.inputs)) fields[name] = fields[`throughline_${field}`];
  if ('roistat' in config) fields.roistat_visit = code;
  return Object.entries(fields);
}

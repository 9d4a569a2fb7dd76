import { readPrintedAmount } from '../../../domain/money.ts';
import { SourceError } from '../../errors.ts';
import type { FieldInfo, Fields } from './dictionaries.ts';
import type { Row } from './row.ts';
import type { MeaningfulField } from './settings.ts';

/** Codes of the fields that mean something to us: `{ visit_code: 'UF_CRM_1700000000' }`. */
export type Meanings = Readonly<Partial<Record<MeaningfulField, string>>>;
type Named = Readonly<Partial<Record<MeaningfulField, string | undefined>>>;

/** Finds the fields that the settings name by code or title. A deal field that does not exist is a mistake in the settings. */
export function resolveMeanings(named: Named, fields: Fields): Meanings {
  const entries = namesOf(named).map(([meaning, name]) => {
    const code = codeOf(name, fields);
    if (code !== undefined) return [meaning, code];
    throw new SourceError(
      'settings',
      `fields.${meaning}: the deals of this portal have no field "${name}". Custom fields: ${customTitles(fields)}`,
    );
  });
  return Object.fromEntries(entries);
}

/** The same for leads, which need not have every field that deals have. */
export function resolveKnownMeanings(named: Named, fields: Fields): Meanings {
  return Object.fromEntries(
    namesOf(named).flatMap(([meaning, name]) => {
      const code = codeOf(name, fields);
      return code === undefined ? [] : [[meaning, code]];
    }),
  );
}

const namesOf = (named: Named): [string, string][] =>
  Object.entries(named).flatMap(([meaning, name]) => (name === undefined ? [] : [[meaning, name]]));

function codeOf(name: string, fields: Fields): string | undefined {
  if (fields[name] !== undefined) return name;
  const wanted = name.trim().toLowerCase();
  return Object.entries(fields).find(([, field]) => field.label.toLowerCase() === wanted)?.[0];
}

const customTitles = (fields: Fields): string =>
  Object.entries(fields)
    .filter(([code]) => code.startsWith('UF_'))
    .map(([code, field]) => `${field.label} (${code})`)
    .join(', ') || 'none';

/** A longer text is an essay and no property; the beginning tells it apart. */
const maxFieldChars = 4096;

/** Every filled custom field under its title; two fields of one title are told apart by their codes. */
export function customFields(row: Row, fields: Fields): Record<string, string> {
  const titled: Record<string, string> = {};
  for (const code of Object.keys(row).filter((name) => name.startsWith('UF_'))) {
    const text = fieldText(row, code, fields);
    if (text === undefined) continue;
    const label = fields[code]?.label || code;
    titled[label in titled ? `${label} (${code})` : label] = text.slice(0, maxFieldChars);
  }
  return titled;
}

/** A field as people read it: texts of an enumeration, several values by commas. Files have none. */
export function fieldText(row: Row, code: string | undefined, fields: Fields): string | undefined {
  if (code === undefined) return undefined;
  const field = fields[code];
  const value = row[code];
  const texts = (Array.isArray(value) ? value : [value]).flatMap((part) => valueText(part, field) ?? []);
  return texts.length === 0 ? undefined : texts.join(', ');
}

function valueText(value: unknown, field: FieldInfo | undefined): string | undefined {
  if (value === null || value === undefined || field?.type === 'file') return undefined;
  if (typeof value === 'object') return undefined;
  // How the portal writes that a field of any kind is empty; of a yes-no field it is the answer no.
  if (value === false && field?.type !== 'boolean') return undefined;
  const text = String(value).trim();
  if (text === '') return undefined;
  if (field?.type === 'boolean') return ['true', '1', 'Y'].includes(text) ? 'Y' : 'N';
  if (field?.type === 'enumeration') return text === 'false' || text === '0' ? undefined : (field.items[text] ?? text);
  return text;
}

/** An amount in a custom field: `1500.50`, or `1500.50|RUB` in a field of type money. */
export function fieldAmount(row: Row, code: string | undefined, fields: Fields): string | undefined {
  const text = fieldText(row, code, fields);
  return text === undefined ? undefined : readPrintedAmount(text.split('|')[0] ?? '');
}

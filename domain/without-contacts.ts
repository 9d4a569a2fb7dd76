import { withoutLinkMark } from './link-mark.ts';
import { isPersonName, type KeyKind, keyKind, looksLikePhone, tellsPerson } from './personal-key.ts';
import type { RecordInput } from './record/index.ts';
import { storedAddress } from './stored-address.ts';

/** Keys of records of CRMs and shops that hold nothing but contacts, names and addresses. Hashes without a key are found by trying all phones. */
const contactKeys =
  /^((phones?|e-?mails?)(_hash)?|name|last_name|second_name|first_name|full_?name|im|web|address.*|title)$/i;
const noKey = /(?!)/;

/**
 * A copy of the payload of a record without plain phones, e-mails and names: keys that hold them are removed at every depth, and
 * the rest is masked as `maskContacts` does.
 */
export const withoutContacts = (payload: unknown): unknown => masked(payload, contactKeys, nobody);

/**
 * A copy in which contacts are masked wherever they stand: texts that look like an e-mail or a phone, values of keys that are
 * named after a phone, numbers too, and names of persons; in addresses by their parameters too. Other numbers and names stay: ids have as many
 * digits, goods have names. Keys are texts, and texts that are JSON are read.
 */
export const maskContacts = (value: unknown): unknown => masked(value, noKey, nobody);

/** What the keys above a value say of it. */
interface Above {
  readonly isPhone: boolean;
  readonly isPerson: boolean;
}
const nobody: Above = { isPhone: false, isPerson: false };

function masked(value: unknown, removedKeys: RegExp, above: Above): unknown {
  if (typeof value === 'string')
    return above.isPhone && looksLikePhone(value) ? '[phone]' : (maskJson(value, removedKeys) ?? maskString(value));
  if (typeof value === 'number') return above.isPhone && isPhoneNumber(value) ? '[phone]' : value;
  if (Array.isArray(value)) return value.map((part) => masked(part, removedKeys, above));
  if (typeof value !== 'object' || value === null) return value;
  const kinds = Object.keys(value).map(keyKind);
  const here = { ...above, isPerson: above.isPerson || tellsPerson(kinds) };
  const fields = Object.entries(value).map(([key, part], at) => ({ key, part, kind: kinds[at] ?? 'other' }));
  const kept = fields.filter(({ key }) => !removedKeys.test(key));
  return Object.fromEntries(
    kept.map(({ key, part, kind }) => [maskText(key), maskedField(kind, part, removedKeys, here)]),
  );
}

function maskedField(kind: KeyKind, part: unknown, removedKeys: RegExp, above: Above): unknown {
  if (part !== null && part !== '' && isPersonName(kind, above.isPerson)) return '[name]';
  return masked(part, removedKeys, { isPhone: above.isPhone || kind === 'phone', isPerson: kind === 'person' });
}

const deepestJson = 32;

/** Pages write objects as texts: what their keys say counts too. Undefined when the text is no such object. */
function maskJson(text: string, removedKeys: RegExp): string | undefined {
  if (!/^\s*[[{]/.test(text) || depthOf(text) > deepestJson) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const kept = JSON.stringify(masked(value, removedKeys, nobody));
    return kept === JSON.stringify(value) ? text : kept;
  } catch {
    return undefined;
  }
}

/** At most how deep: brackets in texts count too. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [sign] of text.matchAll(/[[\]{}]/g)) {
    depth += sign === '[' || sign === '{' ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** A text without spaces may be an address, of this site too, or a part of one: its parameters say more of their values. */
function maskString(text: string): string {
  const isAddress = /[/?&#]/.test(text) && !/\s/.test(text);
  return maskText(isAddress ? storedAddress(text) : withoutLinkMark(text));
}

/** Whole numbers with fewer digits count something. */
const isPhoneNumber = (value: number): boolean => /^\d{10,15}$/.test(String(value));

const emails = /[^\s@<>"',;]{1,64}@[^\s@<>"',;]{1,255}\.[^\s@<>"',;]{1,63}/g;
const russianPhones = /(?<![\w.-])(\+7|8|7)[\s(-]*\d{3}[\s)-]*\d{3}[\s-]*\d{2}[\s-]*\d{2}(?!\d)/g;
/** A plus and ten digits at least: fewer may be a growth or a time zone. */
const foreignPhones = /(?<![\w.-])\+\d(?:[\s().-]{0,2}\d){9,14}(?!\d)/g;

// Bounded, and not even tried without their sign: unbounded, the search for an e-mail is quadratic in the length of a long text.
function maskText(text: string): string {
  const withoutEmails = text.includes('@') ? text.replace(emails, '[e-mail]') : text;
  const withoutForeign = withoutEmails.includes('+') ? withoutEmails.replace(foreignPhones, '[phone]') : withoutEmails;
  return withoutForeign.replace(russianPhones, '[phone]');
}

/** People write phones and addresses into custom fields, reasons and names of goods too. */
export function withoutFreeTextContacts(item: RecordInput): RecordInput {
  if (item.entity !== 'deal') return item;
  const { fields, lost_reason: reason, items } = item.input;
  return {
    ...item,
    input: {
      ...item.input,
      ...(reason === undefined ? {} : { lost_reason: maskText(reason) }),
      ...(fields === undefined ? {} : { fields: maskedTexts(fields) }),
      ...(items === undefined ? {} : { items: items.map(withMaskedName) }),
    },
  };
}

const maskedTexts = (fields: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, text]) => [name, String(maskedField(keyKind(name), text, noKey, nobody))]),
  );

/** Goods with the phone of whom they are for; their own names stay. */
export const withMaskedName = <Item extends { readonly name?: string | undefined }>(item: Item): Item =>
  item.name === undefined ? item : { ...item, name: maskText(item.name) };

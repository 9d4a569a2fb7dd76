import { isPersonName, type KeyKind, keyKind, looksLikePhone, tellsPerson } from './personal-key.ts';

/**
 * Masks contacts in an address: forms sent by GET and cabinets of shops leave them there. E-mails go wherever they stand, phones
 * with a plus from the path, and from query and fragment the values of parameters that are named after a phone or a person's name.
 * Other numbers stay whatever they look like, because the ids of ads have as many digits as phones.
 */
export function maskUrl(url: string): string {
  if (!hint.test(url)) return url;
  const [, host = '', path = '', rest = ''] = /^([a-z][a-z\d+.-]*:\/\/[^/?#]*)?([^?#]*)(.*)$/is.exec(url) ?? [];
  return host + maskEmails(path.replace(phones, '[phone]') + maskParameters(rest));
}

/** A mark of a campaign as it reads in the address of a visit: where the two differ, its costs meet none of its visits. */
export function maskMark(mark: string): string {
  const start = '?mark=';
  const address = start + encodeURIComponent(mark);
  const masked = maskUrl(address);
  return masked === address ? mark : decodeURIComponent(masked.slice(start.length));
}

/** Most addresses hold nothing. Parameters with Russian names are rare enough to be looked at each. */
const hint =
  /@|%(?:25)*40|[/:]\+\d|%2b\d|phone|tel|mob|cell|msisdn|whats|viber|name|fio|patronym|[?&#](?:%d[01]|[а-яё])/i;

const phones = /(?<![^/:])(?:\+|%2b)\d{10,15}(?!\d)/gi;

/** The sign may be encoded twice: an address inside an address. */
const emailSign = /(@|%(?:25)*40)/i;
/** Separators of an address end it, encoded ones too. */
const localPart = /(?<!%[\da-f]?)(?:[^\s@/?&#=:;,<>"'()%]|%(?!(?:25)*(?:3d|2f|3f|26|3a|23|20|40))[\da-f]{2})+$/i;
/** A picture for dense screens is named `logo@2x.png`. */
const domainPart = /^(?!\d(?:\.\d)?x\.)[\p{L}\d.-]{1,255}\.\p{L}{2,24}(?![\p{L}\d])/u;
const maxLocalChars = 64;

/** Sign by sign: one expression for the whole would be slow on a long address that only begins like e-mails. */
function maskEmails(text: string): string {
  const [start = '', ...others] = text.split(emailSign);
  let kept = start;
  for (let at = 0; at < others.length; at += 2) {
    const sign = others[at] ?? '';
    const after = others[at + 1] ?? '';
    const domain = domainPart.exec(after)?.[0];
    const local = domain === undefined ? undefined : localPart.exec(kept.slice(-maxLocalChars))?.[0];
    if (domain === undefined || local === undefined) kept += sign + after;
    else kept = `${kept.slice(0, -local.length)}[e-mail]${after.slice(domain.length)}`;
  }
  return kept;
}

const separator = /([?&#])/;

function maskParameters(rest: string): string {
  const parts = rest.split(separator);
  const kinds = parts.map((part) => (part.includes('=') ? keyKind(decode(part.slice(0, part.indexOf('=')))) : 'other'));
  const isOfPerson = tellsPerson(kinds);
  return parts.map((part, at) => maskParameter(part, kinds[at] ?? 'other', isOfPerson)).join('');
}

function maskParameter(part: string, kind: KeyKind, isOfPerson: boolean): string {
  const start = part.indexOf('=') + 1;
  if (start === 0 || start === part.length) return part;
  const value = decode(part.slice(start));
  const mask = maskOf(value, kind, isOfPerson);
  return mask === undefined ? part : part.slice(0, start) + mask;
}

function maskOf(value: string, kind: KeyKind, isOfPerson: boolean): string | undefined {
  if (wholeEmail.test(value)) return '[e-mail]';
  if (isPersonName(kind, isOfPerson)) return '[name]';
  const isPhone = kind === 'phone' ? looksLikePhone(value) : phoneWithPlus.test(value);
  return isPhone ? '[phone]' : undefined;
}

const wholeEmail = /^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/;
const phoneWithPlus = /^\+\d(?:[\s().-]{0,2}\d){9,14}$/;

function decode(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' ')).trim();
  } catch {
    return value;
  }
}

import { isUtf8 } from 'node:buffer';

/** A parameter of an address. */
export interface AddressParameter {
  /** In lower case. */
  readonly name: string;
  /** As it stands in the address: `Name=value`. */
  readonly written: string;
  /** As people read it; '' when it says nothing, as a macro that was not filled in does. */
  readonly value: string;
}

const macro = /[{}]|^__[A-Z_]+__$/;

/** The parameters of an address in their order: those behind `?` or `#`, and behind the `?` of a route there. */
export function addressParameters(url: string): AddressParameter[] {
  const plain = url.replaceAll('&amp;', '&');
  const begin = plain.search(/[?#]/);
  if (begin === -1) return [];
  return Array.from(plain.slice(begin + 1).matchAll(/([^=&#?]*)=([^&#]*)/g), ([written, name = '', encoded = '']) => {
    const value = readable(encoded);
    return { name: name.toLowerCase(), written, value: macro.test(value) ? '' : value };
  });
}

const cyrillic = new TextDecoder('windows-1251');

/** Tagged links are often encoded twice, and old ad templates write windows-1251. */
function readable(text: string): string {
  const once = decoded(Buffer.from(text).toString('latin1'));
  const bytes = Buffer.from(/%[\da-f]{2}/i.test(once) ? decoded(once) : once, 'latin1');
  return (isUtf8(bytes) ? bytes.toString() : cyrillic.decode(bytes)).replace(/^ +| +$/g, '');
}

/** One character is one byte. What follows a percent sign that encodes nothing stays as it is, as in the database. */
const decoded = (bytes: string): string =>
  bytes.replace(/\+|%(?:.{2}|.*$)/gs, (found) => {
    if (found === '+') return ' ';
    return /^%[\da-f]{2}$/i.test(found) ? String.fromCharCode(Number.parseInt(found.slice(1), 16)) : found;
  });

import { createHmac } from 'node:crypto';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** E.164 of a phone as people type it; a number without a country is read as Russian. Undefined when it cannot be one. */
export function normalisePhone(text: string): string | undefined {
  const trimmed = text.trim();
  const digits = trimmed.replace(/\D/g, '');
  // Eleven digits from 7 without a plus are how Russian CRMs store a full number; the parser would take them for a local one.
  const phone = parsePhoneNumberFromString(/^7\d{10}$/.test(digits) ? `+${digits}` : trimmed, 'RU');
  return phone?.isPossible() ? phone.number : undefined;
}

/** Lower case, without spaces and with the domain in ASCII as given. Undefined when it is not an address. */
export function normaliseEmail(text: string): string | undefined {
  const email = text.trim().toLowerCase();
  return /^[^\s@]{1,64}@[^\s@]+\.[^\s@]{2,}$/.test(email) ? email : undefined;
}

/** Turns contacts into keyed hashes, so that equal contacts meet and none can be read back without the project's secret. */
export interface ContactHasher {
  phone(text: string): string | undefined;
  email(text: string): string | undefined;
}

export function contactHasher(secret: string): ContactHasher {
  const hash = (kind: string, value: string | undefined): string | undefined =>
    value === undefined ? undefined : createHmac('sha256', secret).update(`${kind}:${value}`).digest('hex');
  return {
    phone: (text) => hash('phone', normalisePhone(text)),
    email: (text) => hash('email', normaliseEmail(text)),
  };
}

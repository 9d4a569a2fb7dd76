import { createHash, createHmac } from 'node:crypto';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** E.164 of a phone as people type it; a number without a country is read as Russian. Undefined when it cannot be one. */
export function normalisePhone(text: string): string | undefined {
  const trimmed = text.trim();
  const digits = trimmed.replace(/\D/g, '');
  // Eleven digits from 7 without a plus are how Russian CRMs store a full number; the parser would take them for a local one.
  const phone = parsePhoneNumberFromString(/^7\d{10}$/.test(digits) ? `+${digits}` : trimmed, 'RU');
  return phone?.isPossible() && !isPlaceholder(phone.nationalNumber) ? phone.number : undefined;
}

/** `000 000-00-00`, `999 999-99-99`, `123 456-78-90`: what managers type when there is no phone. It would make one person of strangers. */
const isPlaceholder = (national: string): boolean => /^(\d)\1{9}$/.test(national) || national === '1234567890';

const placeholderNames =
  'no none net netu noemail no-email nomail no-mail noreply no-reply test mail email example'.split(' ');
const placeholderEmail = new RegExp(`^(${placeholderNames.join('|')})@`);

/** Lower case, without spaces and with the domain in ASCII as given. Undefined when it is not an address. */
export function normaliseEmail(text: string): string | undefined {
  const email = text.trim().toLowerCase();
  const isAddress = /^[^\s@]{1,64}@[^\s@]+\.[^\s@]{2,}$/.test(email);
  return isAddress && !placeholderEmail.test(email) ? email : undefined;
}

/** SHA-256 of a normalised contact (E.164 with its plus; an e-mail in lower case), as a browser makes it. */
export const contactDigestPattern = /^[0-9a-f]{64}$/;

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Where such an address is said to be, beside a host that is named like it (`test@test.ru`). */
const usualHosts = [
  ...'mail.ru bk.ru inbox.ru list.ru internet.ru yandex.ru ya.ru yandex.com gmail.com gmail.ru rambler.ru'.split(' '),
  ...'icloud.com outlook.com hotmail.com yahoo.com vk.com'.split(' '),
  ...placeholderNames.flatMap((name) => ['ru', 'com', 'net', 'org'].map((zone) => `${name}.${zone}`)),
];

const placeholderNumbers = ['1234567890', ...Array.from('0123456789', (digit) => digit.repeat(10))];

/**
 * What pages hash when there is no contact: like placeholders that came plain, it would make one person of strangers. Of addresses at
 * other hosts a digest does not tell that they are placeholders.
 */
const placeholderDigests: ReadonlySet<string> = new Set(
  [
    ...['', '-', '0', 'null', 'undefined', 'none', 'no', 'нет'],
    ...placeholderNumbers.flatMap((number) => ['+7', '7', '8', ''].map((start) => `${start}${number}`)),
    ...placeholderNames.flatMap((name) => usualHosts.map((host) => `${name}@${host}`)),
  ].map(digestOf),
);

/**
 * Turns contacts into keyed hashes, so that equal contacts meet and none can be read back without the project's secret: HMAC-SHA-256 of
 * the kind and the SHA-256 of the normalised contact. A contact and its digest of the browser give the same.
 */
export interface ContactHasher {
  phone(text: string): string | undefined;
  email(text: string): string | undefined;
  /** `digest`: see `contactDigestPattern`. */
  phoneDigest(digest: string): string | undefined;
  emailDigest(digest: string): string | undefined;
}

export function contactHasher(secret: string): ContactHasher {
  const ofDigest = (kind: string, digest: string): string | undefined =>
    placeholderDigests.has(digest) ? undefined : createHmac('sha256', secret).update(`${kind}:${digest}`).digest('hex');
  const ofText = (kind: string, text: string | undefined): string | undefined =>
    text === undefined ? undefined : ofDigest(kind, digestOf(text));
  return {
    phone: (text) => ofText('phone', normalisePhone(text)),
    email: (text) => ofText('email', normaliseEmail(text)),
    phoneDigest: (digest) => ofDigest('phone', digest),
    emailDigest: (digest) => ofDigest('email', digest),
  };
}

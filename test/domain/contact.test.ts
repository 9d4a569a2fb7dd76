import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contactHasher, normaliseEmail, normalisePhone } from '../../domain/contact.ts';

test('a phone is the same however it is typed', () => {
  for (const typed of [
    '+7 900 000-00-01',
    '8 (900) 000-00-01',
    '89000000001',
    '79000000001',
    '9000000001',
    ' 8-900-000-00-01 ',
    '+7(900)0000001',
  ]) {
    expect(normalisePhone(typed), typed).toBe('+79000000001');
  }
});

test('a phone of another country keeps its country', () => {
  expect(normalisePhone('+375 29 123-45-67')).toBe('+375291234567');
  expect(normalisePhone('+1 (650) 253-0000')).toBe('+16502530000');
});

test('what is no phone identifies nobody', () => {
  for (const typed of ['', '-', '123', 'нет', '0000', 'anna@shop.example'])
    expect(normalisePhone(typed), typed).toBeUndefined();
});

test('an e-mail is the same in any case and with spaces around', () => {
  expect(normaliseEmail('  Anna@Shop.Example ')).toBe('anna@shop.example');
  for (const typed of ['', 'anna', 'anna@', '@shop.example', 'a b@shop.example', 'anna@shop', 'a@b@c.example']) {
    expect(normaliseEmail(typed), typed).toBeUndefined();
  }
});

test('hashes meet for equal contacts of one secret and for nothing else', () => {
  const [ours, theirs] = [contactHasher('ours'), contactHasher('theirs')];
  expect(ours.phone('8 900 000-00-01')).toBe(ours.phone('+79000000001'));
  expect(ours.phone('+79000000001')).not.toBe(theirs.phone('+79000000001'));
  expect(ours.phone('+79000000001')).toMatch(/^[0-9a-f]{64}$/);
  expect([ours.phone('x'), ours.email('x')]).toEqual([undefined, undefined]);
});

test("a placeholder is nobody's phone or address: it would make one person of strangers", () => {
  for (const phone of ['+7 000 000-00-00', '8 (999) 999-99-99', '123 456 78 90'])
    expect(normalisePhone(phone), phone).toBeUndefined();
  for (const email of ['no@mail.ru', 'none@none.ru', 'test@test.ru'])
    expect(normaliseEmail(email), email).toBeUndefined();
  expect(normalisePhone('8 999 999-99-98')).toBe('+79999999998');
});

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

test('a contact and its digest made in a browser have one hash, however the contact is typed', () => {
  const hasher = contactHasher('ours');
  const spaces = fc.constantFrom('', ' ', '-', ') ');
  const typed = fc
    .tuple(fc.constantFrom('+7', '8', '7', ''), fc.integer({ min: 9_000_000_000, max: 9_999_999_999 }), spaces)
    .map(([start, number, gap]) => `${start}${gap}${String(number).slice(0, 3)}${gap}${String(number).slice(3)}`);
  const address = fc
    .tuple(fc.emailAddress(), fc.boolean(), fc.constantFrom('', ' '))
    .map(([email, isUpper, gap]) => `${gap}${isUpper ? email.toUpperCase() : email}${gap}`);
  fc.assert(
    fc.property(typed, address, (phone, email) => {
      const [e164, lower] = [normalisePhone(phone), normaliseEmail(email)];
      if (e164 !== undefined) expect(hasher.phoneDigest(digestOf(e164))).toBe(hasher.phone(phone));
      if (lower !== undefined) expect(hasher.emailDigest(digestOf(lower))).toBe(hasher.email(email));
      if (e164 !== undefined) expect(hasher.emailDigest(digestOf(e164))).not.toBe(hasher.phone(phone));
    }),
    { seed: 7, numRuns: 300 },
  );
});

test('the hash is the HMAC of the digest: another program can make it', () => {
  expect(contactHasher('secret').phone('+79161234567')).toBe(
    '9b8c61847272fd430751f48d8adca846f1af185463ef4e47e7afd63e88c755d1',
  );
});

test('a digest of nothing or of a placeholder is nobody', () => {
  const hasher = contactHasher('ours');
  for (const text of ['', 'undefined', '+79999999999', '+71234567890'])
    expect([hasher.phoneDigest(digestOf(text)), hasher.emailDigest(digestOf(text))]).toEqual([undefined, undefined]);
});

test('a placeholder is nobody’s when a browser hashed it too', () => {
  const { phoneDigest, emailDigest } = contactHasher('ours');
  for (const email of [
    'no@mail.ru',
    'none@none.ru',
    'test@test.com',
    'no-reply@yandex.ru',
    'netu@gmail.com',
    '',
    'нет',
  ])
    expect(emailDigest(digestOf(email)), email).toBeUndefined();
  for (const phone of ['+79999999999', '89999999999', '1234567890', '70000000000', '-'])
    expect(phoneDigest(digestOf(phone)), phone).toBeUndefined();
  expect(emailDigest(digestOf('nora@mail.ru'))).toBeDefined();
});

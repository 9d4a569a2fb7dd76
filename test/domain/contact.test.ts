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

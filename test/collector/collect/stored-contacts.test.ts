import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { checkEvent } from '../../../collector/collect/check-event.ts';
import { toEventLine } from '../../../collector/collect/to-event-line.ts';
import { contactHasher } from '../../../domain/contact.ts';
import { maskUrl } from '../../../domain/mask-url.ts';
import { nowMs, pageview, uuid } from '../support/test-collector.ts';

const hasher = contactHasher('secret');

function rowOf(fields: object): Record<string, string> {
  const checked = checkEvent(pageview(1, fields), 'live', nowMs);
  if (!checked.ok) throw new Error(checked.problem.detail);
  const where = { project: 'shop', site: 'demo', visitor: uuid(900), address: '', userAgent: '' };
  return JSON.parse(
    toEventLine(checked.value, { ...where, channelIn: 'collect', receivedAtMs: nowMs, hasher }, '', '0'),
  );
}

test('props and goods of an event keep no plain phone and no name of a person', () => {
  const props = { phone: 79161234567, tel: '9161234567', name: 'Иванов Иван', p6: '+375291234567', order: 79161234567 };
  const { props: kept = '', items } = rowOf({ props, items: [{ id: 79161234567, name: 'Товар +79161234567' }] });
  expect(JSON.parse(kept)).toEqual({
    phone: '[phone]',
    tel: '[phone]',
    name: '[name]',
    p6: '[phone]',
    order: 79161234567,
  });
  expect(items).toBe('[{"id":"79161234567","name":"Товар [phone]"}]');
});

test.each([
  ['call_click', 'tel:+74951234567', 'tel:+74951234567'],
  ['call_click', 'tel:8-800-555-35-35', 'tel:8-800-555-35-35'],
  ['mail_click', 'mailto:sale@shop.example?cc=ivan@mail.ru', 'mailto:sale@shop.example?cc=[e-mail]'],
  ['messenger_click', 'https://wa.me/74951234567?text=+79161234567', 'https://wa.me/74951234567?text=[phone]'],
  ['messenger_click', 'https://wa.me/74951234567?_tl=a.b.c.d', 'https://wa.me/74951234567'],
  [
    'messenger_click',
    'https://api.whatsapp.com/send?phone=74951234567&text=Hi&tel=9161234567',
    'https://api.whatsapp.com/send?phone=74951234567&text=Hi&tel=[phone]',
  ],
  ['messenger_click', 'viber://chat?number=%2B74951234567', 'viber://chat?number=%2B74951234567'],
  ['messenger_click', 'https://t.me/+79161234567', 'https://t.me/+79161234567'],
  ['messenger_click', 'whatsapp://send?phone=ivan@mail.ru', 'whatsapp://send?phone=[e-mail]'],
  ['outbound', 'https://two.example/?tel=9161234567&_tl=a.b.c.d', 'https://two.example/?tel=[phone]'],
  ['goal', 'tel:+79161234567', 'tel:[phone]'],
])('of a %s to %s, %s is kept', (type, href, kept) => {
  expect(JSON.parse(rowOf({ type, props: { text: 'tel:+79161234567', href } }).props ?? '')).toEqual({
    text: 'tel:[phone]',
    href: kept,
  });
});

test('a click whose link is no text keeps its other properties', () => {
  expect(rowOf({ type: 'call_click', props: { href: 5 } }).props).toBe('{"href":5}');
});

test.each(['+79161234567', 79161234567, '89161234567', '8 916 123-45-67', '+7 (916) 123-45-67'])(
  'a person whom the shop knows by the phone %s is kept as its hash',
  (id) => {
    const hash = hasher.phone('+79161234567');
    expect(rowOf({ user: { id } })).toMatchObject({ user_id: hash, phone_hash: hash });
  },
);

test('a contact hashed in the browser is kept as the hash of the contact itself, which wins when both are told', () => {
  const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
  const digests = { phone_hash: digestOf('+79161234567'), email_hash: digestOf('buyer@shop.example') };
  const hashes = { phone_hash: hasher.phone('89161234567'), email_hash: hasher.email('Buyer@shop.example') };
  expect(rowOf({ user: digests })).toMatchObject(hashes);
  expect(rowOf({ user: { ...digests, phone: 'не скажу', email: '' } })).toMatchObject(hashes);
  expect(rowOf({ user: { ...digests, phone: '+79160000001' } })).toMatchObject({
    phone_hash: hasher.phone('+79160000001'),
  });
  expect(JSON.stringify(rowOf({ user: digests }))).not.toContain(digests.phone_hash);
});

test('an id with a contact in it is left out', () => {
  for (const id of ['no@mail.ru', 'crm ivan@mail.ru', '+7 999 999-99-99', 'tel +79161234567', '8 495 123-45-67'])
    expect(rowOf({ user: { id } }), id).not.toHaveProperty('user_id');
  const told = { user: { ym_client_id: 'ivan@mail.ru' }, type: 'purchase', order: { id: 'ivan@mail.ru-1', amount: 1 } };
  const { ym_client_id, order_id, order_amount } = rowOf(told);
  expect([ym_client_id, order_id, order_amount]).toEqual([undefined, undefined, '1']);
  expect(rowOf({ type: 'purchase', order: { id: 'W-2026/7' } })).toMatchObject({ order_id: 'W-2026/7' });
});

test('an id that is no phone stays', () => {
  for (const id of ['5', '9161234567', 'A-79161234567', '74951234567', 'ivan@shop', '2026-001-123456'])
    expect(rowOf({ user: { id } })).toMatchObject({ user_id: id });
});

test.each([
  ['https://s.ru/#tel=89161234567&email=a@b.ru', 'https://s.ru/#tel=[phone]&email=[e-mail]'],
  ['https://s.ru/?a=1#/me?e=a%40b.ru', 'https://s.ru/?a=1#/me?e=[e-mail]'],
  ['https://s.ru/u/ivan@mail.ru/?x=1', 'https://s.ru/u/[e-mail]/?x=1'],
  ['https://s.ru/u/ivan.k%40mail.ru', 'https://s.ru/u/[e-mail]'],
  ['https://s.ru/#/u/ivan@mail.ru/orders', 'https://s.ru/#/u/[e-mail]/orders'],
  ['https://s.ru/in?next=%2Fu%2Fivan%40mail.ru%2F', 'https://s.ru/in?next=%2Fu%2F[e-mail]%2F'],
  ['https://s.ru/in?next=%2F%3Fe%3Da%2540b.ru', 'https://s.ru/in?next=%2F%3Fe%3D[e-mail]'],
  ['https://s.ru/u/+79161234567/', 'https://s.ru/u/[phone]/'],
  ['https://s.ru/?q=%2B375291234567', 'https://s.ru/?q=[phone]'],
  [
    `https://s.ru/?${encodeURIComponent('Телефон')}=9161234567`,
    `https://s.ru/?${encodeURIComponent('Телефон')}=[phone]`,
  ],
  ['https://s.ru/?name=Ivan&tel=9161234567&form_name=x', 'https://s.ru/?name=[name]&tel=[phone]&form_name=x'],
  [`https://s.ru/?${encodeURIComponent('ФИО')}=Ivan`, `https://s.ru/?${encodeURIComponent('ФИО')}=[name]`],
])('%s is kept as %s', (url, kept) => {
  expect(maskUrl(url)).toBe(kept);
});

test.each([
  'https://s.ru/?utm_source=yandex&utm_content=71234567890&yclid=7916123456712345678',
  'https://s.ru/?utm_content=a+71234567890&campaign_name=brand',
  'https://s.ru/?name=kettle&hotel=9161234567',
  'https://s.ru/@shop/post/79161234567',
  'https://s.ru/img/logo@2x.png',
  'https://user@s.ru/%E0%A4%A?tel=%E0%A4%A',
  'android-app://ru.shop/',
  'about:blank',
  '',
])('%s stays as it is', (url) => {
  expect(maskUrl(url)).toBe(url);
});

test('a long address is read in no time', () => {
  for (const part of ['a@', '%40', 'tel=', '+7', 'a.a@a.', '&name']) {
    const long = `https://s.ru/?${part.repeat(8000 / part.length)}`;
    expect(maskUrl(long).length).toBeLessThanOrEqual(long.length * 3);
  }
}, 5000);

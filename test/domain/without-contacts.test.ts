import { expect, test } from 'vitest';
import { recordSchemas } from '../../domain/record/index.ts';
import { maskContacts, withoutContacts, withoutFreeTextContacts } from '../../domain/without-contacts.ts';

test('a number or text under a key that is named after a phone is masked when it looks like one', () => {
  for (const key of [
    'phone',
    'tel',
    'Телефон',
    'Тел.',
    'userPhone',
    'client-tel',
    'mobile',
    'WhatsApp',
    'Телефон получателя',
    'phone2',
  ])
    for (const value of [79161234567, '9161234567', '+375 29 123-45-67', '8.916.123.45.67', '123-45-67'])
      expect(maskContacts({ [key]: value }), `${key}: ${value}`).toEqual({ [key]: '[phone]' });
  expect(maskContacts({ contact: { phones: [9161234567, { value: 79161234567 }] } })).toEqual({
    contact: { phones: ['[phone]', { value: '[phone]' }] },
  });
});

test('other numbers stay whatever they look like, and keys that only begin like a phone', () => {
  const kept = {
    order_id: 79161234567,
    ad_id: '1712345678901',
    phone_id: 79161234567,
    phone_verified_at: 1767225600000,
    mobile: true,
    phones: 3,
    hotel: '9161234567',
    headphones: '9161234567',
    Телевизор: '9161234567',
    telegram: '@shop',
  };
  expect(maskContacts(kept)).toEqual(kept);
});

test('a name of a person is masked, a name of goods, forms and campaigns is not', () => {
  expect(
    maskContacts({
      phone: 1,
      name: 'Иванов Иван',
      Имя: 'Иван',
      ФИО: 'Иванов И. И.',
      'Имя клиента': 'Иван',
      lastName: 'Иванов',
    }),
  ).toEqual({ phone: 1, name: '[name]', Имя: '[name]', ФИО: '[name]', 'Имя клиента': '[name]', lastName: '[name]' });
  expect(maskContacts({ client: { name: 'Иван', items: [{ name: 'Чайник' }] }, 'your-name': 'Иван' })).toEqual({
    client: { name: '[name]', items: [{ name: 'Чайник' }] },
    'your-name': '[name]',
  });
  const kept = {
    name: 'Чайник',
    item_name: 'Чайник',
    form_name: 'Звонок',
    campaign: { name: 'brand' },
    'Имя файла': 'a.pdf',
  };
  expect(maskContacts(kept)).toEqual(kept);
});

test('international phones are masked in texts, sums and instants with a plus are not', () => {
  for (const phone of [
    '+375291234567',
    '+375 29 123-45-67',
    '+1 (212) 555-0100',
    '+49 151 12345678',
    '+971.50.123.4567',
  ])
    expect(maskContacts(`Звонить ${phone}, вечером`)).toBe('Звонить [phone], вечером');
  for (const text of ['+10 000 000 ₽', '2026-03-01T10:00:00+03:00', '1+1', 'C+12345678901x'])
    expect(maskContacts(text)).toBe(text);
});

test('an address is masked by its parameters too, whole or of the site, and loses the mark of a link', () => {
  const mark = '_tl=a.b.c.d';
  expect(
    maskContacts({
      href: `https://two.example/?${mark}`,
      next: `/order?tel=9161234567&${mark}`,
      bare: `two.example/#name=Ivan&tel=9161234567`,
      encoded: 'https://s.ru/u/ivan%40mail.ru/',
      told: `на https://two.example/?${mark} написано`,
    }),
  ).toEqual({
    href: 'https://two.example/',
    next: '/order?tel=[phone]',
    bare: 'two.example/#name=[name]&tel=[phone]',
    encoded: 'https://s.ru/u/[e-mail]/',
    told: 'на https://two.example/ написано',
  });
  for (const text of [`${'/'.repeat(16_000)} `, '%25'.repeat(5000), '?_tl='.repeat(3000)]) maskContacts(text);
}, 2000);

test('keys, and objects that are written as texts, keep no contact', () => {
  expect(maskContacts({ 'ivan@mail.ru': 1, '+79161234567': { a: 1 }, note: 'x' })).toEqual({
    '[e-mail]': 1,
    '[phone]': { a: 1 },
    note: 'x',
  });
  const inner = JSON.stringify({ tel: '9161234567', last_name: 'Ivanov' });
  expect(maskContacts({ data: '{"phone": "9161234567", "name": "Ivan"}', list: JSON.stringify([{ inner }]) })).toEqual({
    data: '{"phone":"[phone]","name":"[name]"}',
    list: JSON.stringify([{ inner: '{"tel":"[phone]","last_name":"[name]"}' }]),
  });
  expect(withoutContacts({ data: '{"phone":"9161234567","color":"red"}' })).toEqual({ data: '{"color":"red"}' });
  for (const text of ['{ "a" : 1 }', '[1, 2]', '{broken', '[x] done']) expect(maskContacts(text)).toBe(text);
  expect(maskContacts(`${'['.repeat(30_000)}`)).toBe('['.repeat(30_000));
  expect(maskContacts(`${'['.repeat(20_000)}"ivan@mail.ru"${']'.repeat(20_000)}`)).toContain('[e-mail]');
});

test('payloads of records keep no phone that is a number and no name under a Russian key', () => {
  expect(withoutContacts({ fields: { Телефон: 79161234567, ФИО: 'Иванов', Цвет: 'red' }, name: 'x' })).toEqual({
    fields: { Телефон: '[phone]', ФИО: '[name]', Цвет: 'red' },
  });
});

test('a deal keeps no contact in its custom fields and in the names of its goods', () => {
  const input = recordSchemas.deal.parse({
    source: 'crm',
    id: 1,
    created_at: '2026-01-01T00:00:00Z',
    amount: 1,
    status: 'open',
    fields: {
      Тел: '9161234567',
      Телефон: 79161234567,
      ФИО: 'Иванов',
      Почта: 'ivan@mail.ru',
      Бел: '+375 29 123-45-67',
      Цвет: 'red',
    },
    items: [
      { name: 'Товар +79161234567', product_id: 1 },
      { name: 'Чайник', product_id: 2 },
    ],
  });
  const kept = withoutFreeTextContacts({ entity: 'deal', input });
  expect(kept.input).toMatchObject({
    fields: { Тел: '[phone]', Телефон: '[phone]', ФИО: '[name]', Почта: '[e-mail]', Бел: '[phone]', Цвет: 'red' },
    items: [{ name: 'Товар [phone]' }, { name: 'Чайник' }],
  });
});

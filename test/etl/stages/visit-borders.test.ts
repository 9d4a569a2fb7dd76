import { useVisitCases } from './visit-cases.ts';

const expectVisits = useVisitCases('source, pageviews, events');

const google = 'https://www.google.com/';
const bank = 'https://yookassa.ru/payments/1';
const ad = 'https://shop.example/?utm_source=yandex&utm_medium=cpc&utm_campaign=spring';
const page = (path: string, referrer = '') => ({ url: `https://shop.example/${path}`, referrer });
const visit = (source: string, pageviews: number, events = pageviews) => ({ source, pageviews, events });

expectVisits(
  'exactly thirty minutes of silence keep the visit',
  [['1 10:00:00.000'], ['1 10:30:00.000']],
  [visit('(direct)', 2)],
);

expectVisits(
  'one millisecond more than thirty minutes of silence begins another visit',
  [['1 10:00:00.000'], ['1 10:30:00.001']],
  [visit('(direct)', 1), visit('(direct)', 1)],
);

expectVisits(
  'events between page views keep the visit awake',
  [['1 10:00:00.000'], ['1 10:29:00.000', { type: 'engagement' }], ['1 10:58:00.000']],
  [visit('(direct)', 2, 3)],
);

expectVisits(
  'a new source inside a visit begins another visit',
  [
    ['1 10:00:00.000', page('', google)],
    ['1 10:05:00.000', { url: ad }],
    ['1 10:06:00.000', page('b', ad)],
  ],
  [visit('google', 1), visit('yandex', 2)],
);

expectVisits(
  'another campaign of the same system begins another visit',
  [
    ['1 10:00:00.000', { url: ad }],
    ['1 10:05:00.000', { url: ad.replace('spring', 'summer') }],
  ],
  [visit('yandex', 1), visit('yandex', 1)],
);

expectVisits(
  'the same landing loaded again goes on with its visit',
  [
    ['1 10:00:00.000', { url: ad, referrer: google }],
    ['1 10:05:00.000', { url: ad, referrer: google }],
  ],
  [visit('yandex', 2)],
);

expectVisits(
  'the same landing after half an hour of silence is another visit of the same source',
  [
    ['1 10:00:00.000', { url: ad }],
    ['1 10:45:00.000', { url: ad }],
  ],
  [visit('yandex', 1), visit('yandex', 1)],
);

expectVisits(
  'a source that comes after a direct beginning begins another visit',
  [['1 10:00:00.000'], ['1 10:05:00.000', { url: ad }]],
  [visit('(direct)', 1), visit('yandex', 1)],
);

expectVisits(
  'a link of the shop itself with marks goes on with the visit and keeps its source',
  [
    ['1 10:00:00.000', page('', google)],
    ['1 10:05:00.000', page('sale?utm_source=banner&utm_medium=internal', 'https://shop.example/')],
  ],
  [visit('google', 2)],
);

for (const [name, referrer] of [
  ['the shop itself', 'https://shop.example/a'],
  ['its www host', 'https://www.shop.example/a'],
  ['its www host in capitals', 'https://WWW.SHOP.EXAMPLE/a'],
  ['a subdomain', 'https://m.shop.example/a'],
  ['another port', 'https://shop.example:8443/a'],
  ['plain http', 'http://shop.example/a'],
  ['its own Cyrillic domain', 'https://xn--80aairftm.xn--p1ai/'],
] as const) {
  expectVisits(
    `a page reached from ${name} goes on with the visit`,
    [
      ['1 10:00:00.000', page('', google)],
      ['1 10:05:00.000', page('b', referrer)],
    ],
    [visit('google', 2)],
  );
  expectVisits(
    `a visit that begins from ${name} is direct`,
    [['1 10:00:00.000', page('b', referrer)]],
    [visit('(direct)', 1)],
  );
}

expectVisits(
  'a host that merely ends like the shop is another site',
  [['1 10:00:00.000', page('', 'https://bestshop.example/')]],
  [visit('bestshop.example', 1)],
);

expectVisits(
  'a page of an unlisted site that leads to itself is not a source',
  [
    ['1 10:00:00.000', { url: 'https://landing.test/', referrer: google }],
    ['1 10:05:00.000', { url: 'https://landing.test/b', referrer: 'https://www.landing.test/' }],
  ],
  [visit('google', 2)],
);

expectVisits(
  'the way back from a payment page after two hours goes on with the visit and its source',
  [
    ['1 10:00:00.000', { url: ad }],
    ['1 12:00:00.000', page('thanks?utm_source=yookassa', bank)],
    ['1 12:01:00.000', page('', 'https://shop.example/thanks')],
  ],
  [visit('yandex', 3)],
);

expectVisits(
  'the way back from a payment page after exactly a day goes on with the visit',
  [
    ['1 10:00:00.000', { url: ad }],
    ['2 10:00:00.000', page('', bank)],
  ],
  [visit('yandex', 2)],
);

expectVisits(
  'the way back from a payment page after more than a day is a direct visit',
  [
    ['1 10:00:00.000', { url: ad }],
    ['2 10:00:00.001', page('', bank)],
  ],
  [visit('yandex', 1), visit('(direct)', 1)],
);

expectVisits(
  'a page left open after paying does not stretch the visit over hours',
  [
    ['1 10:00:00.000', { url: ad }],
    ['1 10:10:00.000', page('thanks', bank)],
    ['1 15:00:00.000', { ...page('thanks', bank), type: 'engagement' }],
  ],
  [visit('yandex', 2), visit('(direct)', 0, 1)],
);

for (const host of [
  'passport.yandex.ru',
  'accounts.google.com',
  'id.vk.com',
  '3ds.psbank.ru',
  'acs.tbank.ru',
  'pay.bank.example',
]) {
  expectVisits(
    `signing in or confirming at ${host} goes on with the visit`,
    [
      ['1 10:00:00.000', { url: ad }],
      ['1 10:50:00.000', page('me', `https://${host}/x`)],
    ],
    [visit('yandex', 2)],
  );
}

expectVisits(
  'a browser that sent no page view has a direct visit',
  [
    ['1 10:00:00.000', { url: ad, referrer: google, type: 'engagement' }],
    ['1 10:05:00.000', { url: ad, referrer: google, type: 'goal' }],
  ],
  [visit('(direct)', 0, 2)],
);

expectVisits(
  'an event before the first page view belongs to the visit of that page',
  [
    ['1 10:00:00.000', { url: ad, type: 'identify' }],
    ['1 10:00:01.000', { url: ad }],
  ],
  [visit('yandex', 1, 2)],
);

expectVisits(
  'a single-page application keeps the source through its pages',
  [
    ['1 10:00:00.000', { url: ad, referrer: google }],
    ['1 10:00:05.000', page('#/cart', ad)],
    ['1 10:00:09.000', page('#/pay', 'https://shop.example/#/cart')],
  ],
  [visit('yandex', 3)],
);

expectVisits(
  'of events at one instant the page view comes first',
  [
    ['1 10:00:00.000', { type: 'goal' }],
    ['1 10:00:00.000', { url: ad }],
    ['1 10:00:00.000', { type: 'engagement' }],
  ],
  [visit('yandex', 1, 3)],
);

expectVisits(
  'midnight in the shop does not end a visit',
  [['1 20:58:00.000'], ['1 21:03:00.000']],
  [visit('(direct)', 2)],
);

expectVisits('midnight in UTC does not end a visit', [['1 23:59:00.000'], ['2 00:03:00.000']], [visit('(direct)', 2)]);

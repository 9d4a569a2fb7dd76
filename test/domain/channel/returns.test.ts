import { useVisitCases } from '../../etl/stages/visit-cases.ts';

const expectVisits = useVisitCases('source, medium, channel, pageviews');

/** Rule 1 of docs/channels.md: what continues the visit it interrupted, so that the earlier source stays. */
const returns: readonly string[] = [
  'https://yookassa.ru/',
  'https://yoomoney.ru/checkout/payments/v2/contract',
  'https://auth.robokassa.ru/',
  'https://securepay.tinkoff.ru/',
  'https://securepay.tbank.ru/',
  'https://securepayments.sberbank.ru/',
  'https://payecom.ru/',
  'https://engine.paymentgate.ru/',
  'https://pay.somegate.ru/',
  'https://widget.cloudpayments.ru/',
  'https://pay.yandex.ru/',
  'https://qr.nspk.ru/',
  'https://acs.somebank.ru/acs/pareq',
  'https://3ds2.somebank.kz/',
  'https://bank.example/',
  'https://passport.yandex.ru/auth',
  'https://id.vk.com/',
  'https://accounts.google.com/',
  'https://esia.gosuslugi.ru/',
  'https://oauth.telegram.org/',
  'https://account.mail.ru/',
];

const paid = { source: 'yandex', medium: 'cpc', channel: 'Paid Search' };

for (const referrer of returns) {
  expectVisits(
    `whoever comes back from ${referrer} after 50 minutes is still in the visit of the ad`,
    [
      ['1 10:00:00.000', { url: 'https://shop.example/?yclid=1', referrer: 'https://yandex.ru/' }],
      ['1 10:50:00.000', { url: 'https://shop.example/thanks?utm_source=bank', referrer }],
    ],
    [{ ...paid, pageviews: 2 }],
  );
}

const others: readonly (readonly [referrer: string, source: string, medium: string, channel: string])[] = [
  ['https://vk.com/', 'vk', 'social', 'Organic Social'],
  ['https://mail.yandex.ru/', 'mail.yandex', 'email', 'Email'],
  ['https://www.3ds.com/', '3ds.com', 'referral', 'Referral'],
  ['https://notyookassa.ru/', 'notyookassa.ru', 'referral', 'Referral'],
];

for (const [referrer, source, medium, channel] of others) {
  expectVisits(
    `whoever comes from ${referrer} is in another visit`,
    [
      ['1 10:00:00.000', { url: 'https://shop.example/?yclid=1', referrer: 'https://yandex.ru/' }],
      ['1 10:10:00.000', { url: 'https://shop.example/', referrer }],
    ],
    [
      { ...paid, pageviews: 1 },
      { source, medium, channel, pageviews: 1 },
    ],
  );
}

for (const referrer of ['https://www.sberbank.ru/', 'https://alfabank.ru/', 'https://id.vk.com/']) {
  expectVisits(
    `whoever comes from ${referrer} for the first time by a link with marks is of those marks`,
    [['1 10:00:00.000', { url: 'https://shop.example/?utm_source=partner&utm_medium=cpa', referrer }]],
    [{ source: 'partner', medium: 'cpa', channel: 'Paid Other', pageviews: 1 }],
  );
  expectVisits(
    `whoever comes from ${referrer} for the first time by a link without marks is Direct`,
    [['1 10:00:00.000', { url: 'https://shop.example/', referrer }]],
    [{ source: '(direct)', medium: '(none)', channel: 'Direct', pageviews: 1 }],
  );
}

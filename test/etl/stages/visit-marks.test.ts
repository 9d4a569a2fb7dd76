import { useVisitCases } from './visit-cases.ts';

const columns = [
  'channel',
  'source',
  'medium',
  'platform',
  'campaign',
  'campaign_id',
  'ad_id',
  'keyword',
  'content',
  'term',
  'referrer_host',
  'click_id_name',
  'has_macro',
];
const expectVisits = useVisitCases(columns.join(', '));
const at = '1 10:00:00.000';

const plain = {
  campaign: '',
  campaign_id: '',
  ad_id: '',
  keyword: '',
  content: '',
  term: '',
  referrer_host: '',
  click_id_name: '',
  platform: '',
  has_macro: false,
};
const direct = { ...plain, channel: 'Direct', source: '(direct)', medium: '(none)' };
const yandexAd = { ...plain, channel: 'Paid Search', source: 'yandex', medium: 'cpc', platform: 'yandex-direct' };

/** One landing and the visit it makes. */
const landing = (name: string, query: string, visit: object, referrer = '') =>
  expectVisits(name, [[at, { url: `https://shop.example/${query}`, referrer }]], [visit]);

landing(
  'a full set of marks is read',
  '?utm_source=yandex&utm_medium=cpc&utm_campaign=77&utm_content=55&utm_term=sofa',
  {
    ...yandexAd,
    campaign: '77',
    campaign_id: '77',
    ad_id: '55',
    keyword: 'sofa',
    content: '55',
    term: 'sofa',
  },
);
landing('marks in capitals are read', '?UTM_SOURCE=YANDEX&Utm_Medium=CPC&utm_Campaign=Spring', {
  ...yandexAd,
  campaign: 'Spring',
});
landing('marks behind an escaped ampersand are read', '?utm_source=yandex&amp;utm_medium=cpc&amp;utm_campaign=a', {
  ...yandexAd,
  campaign: 'a',
});
landing(
  'marks encoded twice are read',
  '?utm_source=yandex&utm_medium=cpc&utm_campaign=%25D0%25BB%25D0%25B5%25D1%2582%25D0%25BE',
  {
    ...yandexAd,
    campaign: 'лето',
  },
);
landing('marks in windows-1251 are read', '?utm_source=yandex&utm_medium=cpc&utm_campaign=%EB%E5%F2%EE', {
  ...yandexAd,
  campaign: 'лето',
});
landing(
  'marks in UTF-8 are read',
  '?utm_source=yandex&utm_medium=cpc&utm_term=%D0%B4%D0%B8%D0%B2%D0%B0%D0%BD+%D1%83%D0%B3%D0%BB%D0%BE%D0%B2%D0%BE%D0%B9',
  {
    ...yandexAd,
    keyword: 'диван угловой',
    term: 'диван угловой',
  },
);
landing('marks in raw Cyrillic are read', '?utm_source=yandex&utm_medium=cpc&utm_campaign=лето', {
  ...yandexAd,
  campaign: 'лето',
});
landing('spaces around marks are cut off', '?utm_source=%20yandex%20&utm_medium=+cpc+', yandexAd);
landing('a percent sign that encodes nothing stays', '?utm_source=yandex&utm_medium=cpc&utm_campaign=50%25%20off', {
  ...yandexAd,
  campaign: '50% off',
});
landing(
  'a macro that was not filled in is flagged and says nothing',
  '?utm_source=yandex&utm_medium=cpc&utm_campaign={campaign_id}',
  {
    ...yandexAd,
    has_macro: true,
  },
);
landing('an encoded macro is flagged as well', '?utm_source=yandex&utm_medium=cpc&utm_term=%7Bkeyword%7D', {
  ...yandexAd,
  has_macro: true,
});
landing('a macro in place of a click id is no click', '?yclid={yclid}', { ...direct, has_macro: true });
landing('braces in another parameter are no macro', '?filter={a}', direct);
landing('of a repeated mark the first counts', '?utm_source=yandex&utm_medium=cpc&utm_source=google', yandexAd);
landing(
  'of a repeated mark the first that says something counts',
  '?utm_source=&utm_medium=cpc&utm_source=yandex',
  yandexAd,
);
landing('marks in the fragment are read', '#utm_source=yandex&utm_medium=cpc', yandexAd);
landing('marks behind the route of an application are read', '#/sofa?utm_source=yandex&utm_medium=cpc', yandexAd);
landing('yclid alone is a paid click', '?yclid=123', { ...yandexAd, click_id_name: 'yclid' });
landing('YCLID in capitals is a paid click', '?YCLID=123', { ...yandexAd, click_id_name: 'yclid' });
landing('yclid under the marks of another system believes the marks', '?utm_source=google&utm_medium=cpc&yclid=1', {
  ...plain,
  channel: 'Paid Search',
  source: 'google',
  medium: 'cpc',
  platform: 'google-ads',
  click_id_name: 'yclid',
});
landing(
  'ysclid is an organic click',
  '?ysclid=l1',
  {
    ...plain,
    channel: 'Organic Search',
    source: 'yandex',
    medium: 'organic',
    click_id_name: 'ysclid',
    referrer_host: 'ya.ru',
  },
  'https://ya.ru/',
);
landing('yclid counts before ysclid', '?ysclid=l1&yclid=2', { ...yandexAd, click_id_name: 'yclid' });
landing('fbclid alone is a social click and not a paid one', '?fbclid=x', {
  ...plain,
  channel: 'Organic Social',
  source: 'facebook',
  medium: 'social',
  click_id_name: 'fbclid',
});
landing('fbclid with a paid mark is a paid one', '?utm_source=facebook&utm_medium=paid_social&fbclid=x', {
  ...plain,
  channel: 'Paid Social',
  source: 'facebook',
  medium: 'paid_social',
  platform: 'meta-ads',
  click_id_name: 'fbclid',
});
landing('gad_campaignid is the campaign of a Google click', '?gclid=x&gad_campaignid=987', {
  ...plain,
  channel: 'Paid Search',
  source: 'google',
  medium: 'cpc',
  platform: 'google-ads',
  campaign_id: '987',
  click_id_name: 'gclid',
});
landing('marks without a medium keep their source', '?utm_source=partner', {
  ...plain,
  channel: 'Unassigned',
  source: 'partner',
  medium: '(not set)',
});

const referral = (name: string, referrer: string, visit: object) => landing(name, '', { ...plain, ...visit }, referrer);

referral('a search engine without a path is organic', 'https://yandex.ru', {
  channel: 'Organic Search',
  source: 'yandex',
  medium: 'organic',
  referrer_host: 'yandex.ru',
});
referral('the search application of Android is organic', 'android-app://com.google.android.googlequicksearchbox/', {
  channel: 'Organic Search',
  source: 'google',
  medium: 'organic',
  referrer_host: 'com.google.android.googlequicksearchbox',
});
referral('an Android mail application is mail', 'android-app://com.google.android.gm', {
  channel: 'Email',
  source: 'gmail',
  medium: 'email',
  referrer_host: 'com.google.android.gm',
});
referral('a referrer in capitals with a port is its host', 'http://Blog.Example:8080/a?b#c', {
  channel: 'Referral',
  source: 'blog.example',
  medium: 'referral',
  referrer_host: 'blog.example',
});
referral('a Cyrillic site is named in Cyrillic', 'https://xn--e1afmkfd.xn--p1ai/', {
  channel: 'Referral',
  source: 'пример.рф',
  medium: 'referral',
  referrer_host: 'пример.рф',
});

for (const referrer of ['about:blank', 'null', 'http://', '://', '%%%', ' ', 'javascript:void(0)', '\u0000', '🦊']) {
  expectVisits(`the broken referrer ${JSON.stringify(referrer)} is no source`, [[at, { referrer }]], [direct]);
}
for (const url of [
  '',
  'garbage',
  'http://',
  '?',
  '#',
  'https://shop.example/?%',
  'https://shop.example/?&&=&=x&utm_source',
  `https://shop.example/?a=${'x'.repeat(8000)}`,
]) {
  expectVisits(`the address ${JSON.stringify(url.slice(0, 40))} gives a direct visit`, [[at, { url }]], [direct]);
}
expectVisits(
  'marks at the end of an address of eight kilobytes are read',
  [[at, { url: `https://shop.example/?a=${'%D1%8F'.repeat(1300)}&utm_source=yandex&utm_medium=cpc` }]],
  [yandexAd],
);

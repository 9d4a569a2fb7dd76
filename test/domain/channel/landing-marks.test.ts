import { describe, expect, test } from 'vitest';
import { classify } from '../../../domain/channel/classify.ts';
import { landingReader } from '../../../domain/channel/landing-marks.ts';
import { landingRules } from '../../../domain/channel/landing-rules.ts';

const landingMarks = landingReader(landingRules(['shop.example', 'www.Магазин.рф'], ['pay.example']));
const shop = 'https://shop.example/';

describe('a page tells where its visitor comes from', () => {
  test.each([
    ['nowhere', shop, '', '(direct)', '(none)', ''],
    ['marks', `${shop}?utm_source=Yandex&utm_medium=cpc&utm_campaign=brand#top`, '', 'yandex', 'cpc', 'brand'],
    ['marks in capitals', `${shop}?UTM_SOURCE=vk&Utm_Medium=social`, '', 'vk', 'social', ''],
    [
      'marks encoded twice',
      `${shop}?utm_source=yandex&utm_medium=cpc&utm_campaign=%25D0%25B7%25D0%25B8%25D0%25BC%25D0%25B0`,
      '',
      'yandex',
      'cpc',
      'зима',
    ],
    [
      'marks in windows-1251',
      `${shop}?utm_source=yandex&utm_medium=cpc&utm_campaign=%E7%E8%EC%E0`,
      '',
      'yandex',
      'cpc',
      'зима',
    ],
    ['marks behind &amp;', `${shop}?a=1&amp;utm_source=ok&amp;utm_medium=social`, '', 'ok', 'social', ''],
    [
      'macros that were not filled in',
      `${shop}?utm_source={source}&utm_medium=__MEDIUM__&yclid=1`,
      '',
      'yandex',
      'cpc',
      '',
    ],
    [
      'the first of repeated marks that says something',
      `${shop}?utm_source=&utm_source=vk&utm_source=ok&utm_medium=cpc`,
      '',
      'vk',
      'cpc',
      '',
    ],
    ['a click id', `${shop}?gclid=abc`, 'https://www.google.com/', 'google', 'cpc', ''],
    ['a search engine', shop, 'https://yandex.ru/search/?text=x', 'yandex', 'organic', ''],
    ['maps beside a search engine', shop, 'https://yandex.ru/maps/213/', 'yandex-maps', 'referral', ''],
    ['a messenger', shop, 'android-app://org.telegram.messenger/', 'telegram', 'messenger', ''],
    ['marks behind #', `${shop}#utm_source=yandex&utm_medium=cpc&utm_campaign=brand`, '', 'yandex', 'cpc', 'brand'],
    ['marks behind a route', `${shop}catalog#!/item?utm_source=yandex&utm_medium=cpc`, '', 'yandex', 'cpc', ''],
    [
      'marks in UTF-8 beside a percent sign',
      `${shop}?utm_source=vk&utm_campaign=%D0%B7%D0%B0+100%`,
      '',
      'vk',
      '(not set)',
      'за 100%',
    ],
    ['another site with a password', shop, 'https://user:pass@partner.ru/', 'partner.ru', 'referral', ''],
    ['another site', shop, 'https://www.blog.example:8443/post', 'blog.example', 'referral', ''],
    ['a broken address', 'not an address', 'neither', '(direct)', '(none)', ''],
    ['a percent sign', `${shop}?utm_source=vk&utm_medium=cpc&utm_campaign=100%`, '', 'vk', 'cpc', '100%'],
  ])('by %s', (_what, url, referrer, source, medium, campaign) => {
    const marks = landingMarks(url, referrer);
    expect(marks && { ...classify(marks), campaign: marks.utm_campaign }).toMatchObject({ source, medium, campaign });
  });

  test('only by its marks when nobody told from where', () => {
    expect(landingMarks(shop, undefined)).toBeUndefined();
    expect(landingMarks(`${shop}?utm_campaign=x`, undefined)).toBeUndefined();
    expect(landingMarks(`${shop}?yclid=1`, undefined)).toMatchObject({ click_id: 'yclid', referrer_host: '' });
  });

  test.each([
    ['the same host', 'https://shop.example/cart'],
    ['a subdomain of the shop', 'https://m.shop.example/'],
    ['another domain of the shop', 'https://xn--80aairftm.xn--p1ai/'],
  ])('but not from %s', (_what, referrer) => {
    expect(landingMarks(`${shop}?utm_source=yandex`, referrer)).toBeUndefined();
  });

  test.each([
    ['paying', 'https://yookassa.ru/pay'],
    ['paying where the shop says so', 'https://secure.pay.example/'],
    ['a confirmation of the bank', 'https://acs3.somebank.example/'],
    ['signing in', 'https://id.vk.com/auth'],
  ])('from %s by its marks alone', (_what, referrer) => {
    expect(landingMarks(shop, referrer)).toBeUndefined();
    expect(landingMarks(`${shop}?utm_source=yandex`, referrer)).toMatchObject({
      utm_source: 'yandex',
      referrer_host: '',
    });
  });
});

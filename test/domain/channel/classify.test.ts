import { expect, test } from 'vitest';
import { classify, type LandingMarks } from '../../../domain/channel/classify.ts';
import { knownSources, returnHosts } from '../../../domain/channel/known-hosts.ts';

const nothing: LandingMarks = { utm_source: '', utm_medium: '', utm_campaign: '', referrer_host: '', click_id: '' };

/** utm_source / utm_medium [ / utm_campaign] → source, medium, channel, platform. */
const tagged: readonly (readonly [tag: string, source: string, medium: string, channel: string, platform?: string])[] =
  [
    ['yandex/cpc', 'yandex', 'cpc', 'Paid Search', 'yandex-direct'],
    ['Yandex/CPC', 'yandex', 'cpc', 'Paid Search', 'yandex-direct'],
    ['ya/cpc', 'yandex', 'cpc', 'Paid Search', 'yandex-direct'],
    ['yandex_direct/cpc', 'yandex', 'cpc', 'Paid Search', 'yandex-direct'],
    ['yandex.ru/cpc', 'yandex', 'cpc', 'Paid Search', 'yandex-direct'],
    ['yandex/ppc', 'yandex', 'ppc', 'Paid Search', 'yandex-direct'],
    ['yandex/paid', 'yandex', 'paid', 'Paid Search', 'yandex-direct'],
    ['yandex/cpm', 'yandex', 'cpm', 'Paid Search', 'yandex-direct'],
    ['yandex/retargeting', 'yandex', 'retargeting', 'Paid Search', 'yandex-direct'],
    ['yandex/organic', 'yandex', 'organic', 'Organic Search'],
    ['yandex/', 'yandex', '(not set)', 'Organic Search'],
    ['google/cpc', 'google', 'cpc', 'Paid Search', 'google-ads'],
    ['adwords/cpc', 'google', 'cpc', 'Paid Search', 'google-ads'],
    ['google/cpc/spring cross-network', 'google', 'cpc', 'Cross-network', 'google-ads'],
    ['google/cpc/shopping-sofas', 'google', 'cpc', 'Paid Shopping', 'google-ads'],
    ['google/cpc/my shop brand', 'google', 'cpc', 'Paid Shopping', 'google-ads'],
    ['google/cpc/workshop', 'google', 'cpc', 'Paid Search', 'google-ads'],
    ['google/cpc/eshop', 'google', 'cpc', 'Paid Shopping', 'google-ads'],
    ['google/organic', 'google', 'organic', 'Organic Search'],
    ['bing/cpc', 'bing', 'cpc', 'Paid Search', 'microsoft-ads'],
    ['duckduckgo/organic', 'duckduckgo', 'organic', 'Organic Search'],
    ['rambler/organic', 'rambler', 'organic', 'Organic Search'],
    ['unknown-engine/organic', 'unknown-engine', 'organic', 'Organic Search'],
    ['vk/cpc', 'vk', 'cpc', 'Paid Social', 'vk-ads'],
    ['vk/cpm', 'vk', 'cpm', 'Paid Social', 'vk-ads'],
    ['mytarget/cpc', 'vk', 'cpc', 'Paid Social', 'vk-ads'],
    ['vkontakte/paid_social', 'vk', 'paid_social', 'Paid Social', 'vk-ads'],
    ['vk/social', 'vk', 'social', 'Organic Social'],
    ['vk/post', 'vk', 'post', 'Organic Social'],
    ['ok/cpc', 'ok', 'cpc', 'Paid Social', 'vk-ads'],
    ['fb/paid', 'facebook', 'paid', 'Paid Social', 'meta-ads'],
    ['ig/cpc', 'instagram', 'cpc', 'Paid Social', 'meta-ads'],
    ['instagram/stories', 'instagram', 'stories', 'Organic Social'],
    ['tiktok/cpc', 'tiktok', 'cpc', 'Paid Social', 'tiktok-ads'],
    ['dzen/cpc', 'dzen', 'cpc', 'Paid Social'],
    ['zen/article', 'dzen', 'article', 'Organic Social'],
    ['blogger/social', 'blogger', 'social', 'Organic Social'],
    ['blogger/social-network', 'blogger', 'social-network', 'Organic Social'],
    ['blogger/social media', 'blogger', 'social media', 'Organic Social'],
    ['blogger/sm', 'blogger', 'sm', 'Organic Social'],
    ['youtube/cpv', 'youtube', 'cpv', 'Paid Video'],
    ['youtube/cpc', 'youtube', 'cpc', 'Paid Video'],
    ['yt/paid', 'youtube', 'paid', 'Paid Video'],
    ['youtube/description', 'youtube', 'description', 'Organic Video'],
    ['rutube/paid-video', 'rutube', 'paid-video', 'Paid Video'],
    ['site/video', 'site', 'video', 'Organic Video'],
    ['site/display', 'site', 'display', 'Display'],
    ['site/banner', 'site', 'banner', 'Display'],
    ['site/interstitial', 'site', 'interstitial', 'Display'],
    ['site/expandable', 'site', 'expandable', 'Display'],
    ['site/cpm', 'site', 'cpm', 'Display'],
    ['yandex/display', 'yandex', 'display', 'Display'],
    ['site/cpc', 'site', 'cpc', 'Paid Other'],
    ['site/cpa', 'site', 'cpa', 'Paid Other'],
    ['site/paid-post', 'site', 'paid-post', 'Paid Other'],
    ['2gis/cpc', '2gis', 'cpc', 'Paid Other'],
    ['yandex-market/cpc', 'yandex-market', 'cpc', 'Paid Other'],
    ['market/referral', 'yandex-market', 'referral', 'Marketplace'],
    ['ozon/referral', 'ozon', 'referral', 'Marketplace'],
    ['wb/card', 'wildberries', 'card', 'Marketplace'],
    ['avito/cpc', 'avito', 'cpc', 'Paid Other'],
    ['amazon/referral', 'amazon', 'referral', 'Organic Shopping'],
    ['amazon/cpc', 'amazon', 'cpc', 'Paid Shopping'],
    ['site/link/shopping', 'site', 'link', 'Organic Shopping'],
    ['newsletter/email', 'newsletter', 'email', 'Email'],
    ['newsletter/e-mail', 'newsletter', 'e-mail', 'Email'],
    ['newsletter/e_mail', 'newsletter', 'e_mail', 'Email'],
    ['newsletter/e mail', 'newsletter', 'e mail', 'Email'],
    ['email/trigger', 'email', 'trigger', 'Email'],
    ['gmail/letter', 'gmail', 'letter', 'Email'],
    ['telegram/post', 'telegram', 'post', 'Messenger'],
    ['tg/social', 'telegram', 'social', 'Messenger'],
    ['telegram/cpc', 'telegram', 'cpc', 'Paid Other'],
    ['whatsapp/chat', 'whatsapp', 'chat', 'Messenger'],
    ['bot/messenger', 'bot', 'messenger', 'Messenger'],
    ['max/post', 'max', 'post', 'Messenger'],
    ['chatgpt.com/', 'chatgpt', '(not set)', 'AI Assistant'],
    ['openai/referral', 'chatgpt', 'referral', 'AI Assistant'],
    ['perplexity/', 'perplexity', '(not set)', 'AI Assistant'],
    ['partner/referral', 'partner', 'referral', 'Referral'],
    ['partner/link', 'partner', 'link', 'Referral'],
    ['partner/app', 'partner', 'app', 'Referral'],
    ['admitad/affiliate', 'admitad', 'affiliate', 'Affiliates'],
    ['admitad/affiliates', 'admitad', 'affiliates', 'Affiliates'],
    ['radio/audio', 'radio', 'audio', 'Audio'],
    ['sms/text', 'sms', 'text', 'SMS'],
    ['mts/sms', 'mts', 'sms', 'SMS'],
    ['app/push', 'app', 'push', 'Mobile Push Notifications'],
    ['app/web-push', 'app', 'web-push', 'Mobile Push Notifications'],
    ['app/mobile', 'app', 'mobile', 'Mobile Push Notifications'],
    ['app/notification', 'app', 'notification', 'Mobile Push Notifications'],
    ['firebase/x', 'firebase', 'x', 'Mobile Push Notifications'],
    ['tracking/call', 'tracking', 'call', 'Call'],
    ['tracking/phone', 'tracking', 'phone', 'Call'],
    ['showroom/offline', 'showroom', 'offline', 'Offline'],
    ['(direct)/(none)', '(direct)', '(none)', 'Direct'],
    ['partner/', 'partner', '(not set)', 'Unassigned'],
    ['partner/qr', 'partner', 'qr', 'Unassigned'],
    ['/cpc', '(not set)', 'cpc', 'Paid Other'],
    ['/email', '(not set)', 'email', 'Email'],
    ['  Yandex  /  cpc  ', 'yandex', 'cpc', 'Paid Search', 'yandex-direct'],
    ['Мой  Блог/Пост', 'мой блог', 'пост', 'Unassigned'],
    ['www.google.ru/organic', 'google', 'organic', 'Organic Search'],
    ['m.vk.com/social', 'vk', 'social', 'Organic Social'],
  ];

for (const [tag, source, medium, channel, platform = ''] of tagged) {
  test(`the marks "${tag}" are ${channel} of ${source} / ${medium}${platform && `, platform ${platform}`}`, () => {
    const [utm_source = '', utm_medium = '', utm_campaign = ''] = tag.split('/');
    const found = classify({ ...nothing, utm_source, utm_medium, utm_campaign, referrer_host: 'ignored.example' });
    expect(found).toEqual({ source, medium, channel, platform });
  });
}

const clicks: readonly (readonly [clickId: string, tag: string, source: string, channel: string, platform: string])[] =
  [
    ['yclid', '/', 'yandex', 'Paid Search', 'yandex-direct'],
    ['gclid', '/', 'google', 'Paid Search', 'google-ads'],
    ['gbraid', '/', 'google', 'Paid Search', 'google-ads'],
    ['wbraid', '/', 'google', 'Paid Search', 'google-ads'],
    ['rb_clickid', '/', 'vk', 'Paid Social', 'vk-ads'],
    ['vkclid', '/', 'vk', 'Paid Social', 'vk-ads'],
    ['ymclid', '/', 'yandex-market', 'Paid Other', 'yandex-market'],
    ['msclkid', '/', 'bing', 'Paid Search', 'microsoft-ads'],
    ['ttclid', '/', 'tiktok', 'Paid Social', 'tiktok-ads'],
    ['gad_source', '/', 'google', 'Paid Search', 'google-ads'],
    ['gad_campaignid', 'google/cpc', 'google', 'Paid Search', 'google-ads'],
    ['dclid', '/', 'dv360', 'Display', 'dv360'],
    ['twclid', '/', 'twitter', 'Paid Social', 'x-ads'],
    ['li_fat_id', '/', 'linkedin', 'Paid Social', 'linkedin-ads'],
    ['sccid', '/', 'snapchat', 'Paid Social', 'snapchat-ads'],
    ['rdt_cid', '/', 'reddit', 'Paid Social', 'reddit-ads'],
    ['erid', '/', '(not set)', 'Paid Other', ''],
    ['erid', 'vk/', 'vk', 'Paid Social', ''],
    ['erid', 'vk/cpc', 'vk', 'Paid Social', 'vk-ads'],
    ['erid', 'vk/post', 'vk', 'Organic Social', ''],
    ['fbclid', '/', 'facebook', 'Organic Social', ''],
    ['fbclid', 'facebook/cpc', 'facebook', 'Paid Social', 'meta-ads'],
    ['fbclid', 'instagram/post', 'instagram', 'Organic Social', ''],
    ['ysclid', '/', 'yandex', 'Organic Search', ''],
    ['srsltid', '/', 'google', 'Organic Search', ''],
    ['yclid', 'yandex/', 'yandex', 'Paid Search', 'yandex-direct'],
    ['yclid', 'yandex/banner', 'yandex', 'Display', 'yandex-direct'],
    ['yclid', '/cpc', 'yandex', 'Paid Search', 'yandex-direct'],
    ['yclid', 'google/cpc', 'google', 'Paid Search', 'google-ads'],
    ['yclid', 'telegram/post', 'telegram', 'Messenger', ''],
    ['unheard', '/', '(direct)', 'Direct', ''],
  ];

for (const [click_id, tag, source, channel, platform] of clicks) {
  test(`${click_id} under the marks "${tag}" is ${channel} of ${source}${platform && `, platform ${platform}`}`, () => {
    const [utm_source = '', utm_medium = ''] = tag.split('/');
    const found = classify({ ...nothing, utm_source, utm_medium, click_id });
    expect(found).toMatchObject({ source, channel, platform });
  });
}

const referrers: readonly (readonly [host: string, source: string, medium: string, channel: string])[] = [
  ['yandex.ru', 'yandex', 'organic', 'Organic Search'],
  ['ya.ru', 'yandex', 'organic', 'Organic Search'],
  ['yandex.com.tr', 'yandex', 'organic', 'Organic Search'],
  ['m.yandex.kz', 'yandex', 'organic', 'Organic Search'],
  ['google.com', 'google', 'organic', 'Organic Search'],
  ['google.co.uk', 'google', 'organic', 'Organic Search'],
  ['google.ru', 'google', 'organic', 'Organic Search'],
  ['com.google.android.googlequicksearchbox', 'google', 'organic', 'Organic Search'],
  ['go.mail.ru', 'mail.ru', 'organic', 'Organic Search'],
  ['bing.com', 'bing', 'organic', 'Organic Search'],
  ['nova.rambler.ru', 'rambler', 'organic', 'Organic Search'],
  ['vk.com', 'vk', 'social', 'Organic Social'],
  ['away.vk.com', 'vk', 'social', 'Organic Social'],
  ['l.instagram.com', 'instagram', 'social', 'Organic Social'],
  ['lm.facebook.com', 'facebook', 'social', 'Organic Social'],
  ['t.co', 'twitter', 'social', 'Organic Social'],
  ['dzen.ru', 'dzen', 'social', 'Organic Social'],
  ['zen.yandex.ru', 'dzen', 'social', 'Organic Social'],
  ['pinterest.co.uk', 'pinterest', 'social', 'Organic Social'],
  ['m.youtube.com', 'youtube', 'video', 'Organic Video'],
  ['t.me', 'telegram', 'messenger', 'Messenger'],
  ['web.whatsapp.com', 'whatsapp', 'messenger', 'Messenger'],
  ['org.telegram.messenger', 'telegram', 'messenger', 'Messenger'],
  ['e.mail.ru', 'mail.ru-mail', 'email', 'Email'],
  ['mail.yandex.ru', 'mail.yandex', 'email', 'Email'],
  ['mail.google.com', 'gmail', 'email', 'Email'],
  ['chatgpt.com', 'chatgpt', 'referral', 'AI Assistant'],
  ['gemini.google.com', 'gemini', 'referral', 'AI Assistant'],
  ['alice.yandex.ru', 'alice', 'referral', 'AI Assistant'],
  ['market.yandex.ru', 'yandex-market', 'referral', 'Marketplace'],
  ['ozon.ru', 'ozon', 'referral', 'Marketplace'],
  ['amazon.de', 'amazon', 'referral', 'Organic Shopping'],
  ['blog.example', 'blog.example', 'referral', 'Referral'],
  ['yandex.example.org', 'yandex.example.org', 'referral', 'Referral'],
  ['google.com.evil.example', 'google.com.evil.example', 'referral', 'Referral'],
  ['notyandex.ru', 'notyandex.ru', 'referral', 'Referral'],
  ['yandex.someother.ru', 'yandex.someother.ru', 'referral', 'Referral'],
  ['xn--e1afmkfd.xn--p1ai', 'пример.рф', 'referral', 'Referral'],
  ['constructor', 'constructor', 'referral', 'Referral'],
  ['', '(direct)', '(none)', 'Direct'],
];

for (const [referrer_host, source, medium, channel] of referrers) {
  test(`the referrer "${referrer_host}" is ${channel} of ${source} / ${medium}`, () => {
    expect(classify({ ...nothing, referrer_host })).toEqual({ source, medium, channel, platform: '' });
  });
}

test('the spellings of the shop go before the known ones', () => {
  const aliases = { 'direct-main': 'yandex', vk: 'vk-community' };
  const of = (utm_source: string) => classify({ ...nothing, utm_source, utm_medium: 'cpc' }, aliases).source;
  expect([of('Direct-Main'), of('vk'), of('google')]).toEqual(['yandex', 'vk-community', 'google']);
});

test('an advertisement is credited to the site that it stood on, and the platform is told by nothing', () => {
  const of = (referrer_host: string) => classify({ ...nothing, referrer_host, click_id: 'erid' });
  expect(of('vk.com')).toEqual({ source: 'vk', medium: 'paid', channel: 'Paid Social', platform: '' });
  expect(of('blog.example')).toEqual({ source: 'blog.example', medium: 'paid', channel: 'Paid Other', platform: '' });
});

test('a name that every object has is no spelling and no platform', () => {
  for (const utm_source of ['constructor', '__proto__', 'toString']) {
    expect(classify({ ...nothing, utm_source, utm_medium: 'cpc' }, {})).toEqual({
      source: utm_source.toLowerCase(),
      medium: 'cpc',
      channel: 'Paid Other',
      platform: '',
    });
  }
});

test('no host or spelling stands for two sources', () => {
  const hosts = knownSources.flatMap((source) => source.hosts);
  expect(hosts.filter((host, place) => hosts.indexOf(host) !== place)).toEqual([]);
  const spellings = knownSources.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  const squeezed = spellings.map((spelling) => spelling.replace(/[\s._+-]/g, ''));
  expect(spellings.filter((_, place) => squeezed.indexOf(squeezed[place] ?? '') !== place)).toEqual([]);
  expect(returnHosts.filter((host, place) => returnHosts.indexOf(host) !== place)).toEqual([]);
});

import type { Place } from './place.ts';

/** Search engines, with their applications, caches and mobile pages. */
export const searchEngines: readonly Place[] = [
  {
    name: 'yandex',
    hosts: [
      'yandex.*',
      'ya.ru',
      'turbopages.org',
      'ru.yandex.searchplugin',
      'com.yandex.searchapp',
      'com.yandex.browser',
      'com.yandex.browser.lite',
    ],
    aliases: ['ya', 'yandex-direct', 'yandex_direct', 'yandexdirect', 'direct.yandex', 'yd', 'ydirect'],
  },
  {
    name: 'google',
    hosts: [
      'google.*',
      'ampproject.org',
      'com.google.android.googlequicksearchbox',
      'com.google.android.googlequicksearchbox.lite',
    ],
    aliases: ['google-ads', 'google_ads', 'googleads', 'adwords', 'google-adwords'],
  },
  { name: 'mail.ru', hosts: ['go.mail.ru', 'search.mail.ru'] },
  {
    name: 'bing',
    hosts: ['bing.com', 'cn.bing.com', 'com.microsoft.bing'],
    aliases: ['bingads', 'bing-ads', 'microsoft-ads'],
  },
  { name: 'duckduckgo', hosts: ['duckduckgo.com', 'ddg.gg', 'com.duckduckgo.mobile.android'], aliases: ['ddg'] },
  { name: 'yahoo', hosts: ['yahoo.com', 'yahoo.co.jp', 'search.yahoo.com'] },
  { name: 'rambler', hosts: ['rambler.ru', 'nova.rambler.ru', 'r0.ru'] },
  { name: 'ecosia', hosts: ['ecosia.org'] },
  { name: 'baidu', hosts: ['baidu.com', 'com.baidu.searchbox'] },
  { name: 'naver', hosts: ['search.naver.com', 'naver.com'] },
  { name: 'seznam', hosts: ['seznam.cz'] },
  { name: 'brave', hosts: ['search.brave.com'] },
  { name: 'startpage', hosts: ['startpage.com'] },
  { name: 'qwant', hosts: ['qwant.com'] },
  { name: 'sogou', hosts: ['sogou.com'] },
  { name: 'aol', hosts: ['search.aol.com', 'aol.com'] },
  { name: 'ask', hosts: ['ask.com'] },
  { name: 'sputnik', hosts: ['sputnik.ru'] },
  { name: 'nigma', hosts: ['nigma.ru'] },
];

import type { Place } from './place.ts';

/** Social networks and blogs, with the redirectors that stand between their posts and other sites. */
export const socialNetworks: readonly Place[] = [
  {
    name: 'vk',
    hosts: ['vk.com', 'vk.ru', 'vk.cc', 'vkontakte.ru', 'away.vk.com', 'com.vkontakte.android'],
    aliases: ['vkontakte', 'vk-ads', 'vk_ads', 'vkads', 'mytarget', 'my_target', 'vk-reklama'],
  },
  { name: 'ok', hosts: ['ok.ru', 'odnoklassniki.ru', 'ru.ok.android'], aliases: ['odnoklassniki'] },
  { name: 'my.mail.ru', hosts: ['my.mail.ru'], aliases: ['moimir', 'mymailru'] },
  {
    name: 'facebook',
    hosts: [
      'facebook.com',
      'fb.com',
      'fb.me',
      'l.facebook.com',
      'lm.facebook.com',
      'com.facebook.katana',
      'com.facebook.lite',
    ],
    aliases: ['fb', 'meta'],
  },
  {
    name: 'instagram',
    hosts: ['instagram.com', 'l.instagram.com', 'com.instagram.android'],
    aliases: ['ig', 'insta'],
  },
  {
    name: 'threads',
    hosts: ['threads.net', 'threads.com', 'l.threads.net', 'l.threads.com', 'com.instagram.barcelona'],
  },
  { name: 'twitter', hosts: ['t.co', 'twitter.com', 'x.com', 'com.twitter.android'] },
  { name: 'linkedin', hosts: ['linkedin.com', 'lnkd.in', 'com.linkedin.android'] },
  { name: 'pinterest', hosts: ['pinterest.*', 'pin.it', 'com.pinterest'] },
  {
    name: 'tiktok',
    hosts: ['tiktok.com', 'vm.tiktok.com', 'com.zhiliaoapp.musically', 'com.ss.android.ugc.trill'],
    aliases: ['tik-tok', 'tik_tok'],
  },
  { name: 'snapchat', hosts: ['snapchat.com', 'com.snapchat.android'] },
  { name: 'dzen', hosts: ['dzen.ru', 'zen.yandex.ru', 'zen.yandex.com', 'com.yandex.zen'], aliases: ['zen'] },
  { name: 'reddit', hosts: ['reddit.com', 'redd.it', 'out.reddit.com', 'com.reddit.frontpage'] },
  { name: 'pikabu', hosts: ['pikabu.ru'] },
  { name: 'livejournal', hosts: ['livejournal.com'] },
  { name: 'tenchat', hosts: ['tenchat.ru'] },
  { name: 'vc.ru', hosts: ['vc.ru'] },
  { name: 'habr', hosts: ['habr.com', 'habr.ru'] },
  { name: 'drive2', hosts: ['drive2.ru', 'drive2.com'] },
  { name: 'fishki', hosts: ['fishki.net'] },
  { name: 'quora', hosts: ['quora.com'] },
  { name: 'bluesky', hosts: ['bsky.app', 'go.bsky.app'] },
  { name: 'mastodon', hosts: ['mastodon.social', 'mastodon.online'] },
  { name: 'tumblr', hosts: ['tumblr.com', 't.umblr.com'] },
  { name: 'medium.com', hosts: ['medium.com'] },
  { name: 'yappy', hosts: ['yappy.media'] },
];

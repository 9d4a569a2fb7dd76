import type { Place } from './place.ts';

/** Messengers: their sites, link pages and applications. */
export const messengers: readonly Place[] = [
  {
    name: 'telegram',
    hosts: [
      't.me',
      'telegram.me',
      'telegram.org',
      'telegram.dog',
      'tg.dev',
      'org.telegram.messenger',
      'org.telegram.messenger.web',
      'org.telegram.messenger.beta',
      'org.telegram.plus',
      'org.thunderdog.challegram',
    ],
    aliases: ['tg', 'telegramm'],
  },
  {
    name: 'whatsapp',
    hosts: ['wa.me', 'whatsapp.com', 'l.wl.co', 'com.whatsapp', 'com.whatsapp.w4b'],
    aliases: ['wa', 'whats-app'],
  },
  { name: 'viber', hosts: ['viber.com', 'viber.me', 'com.viber.voip'] },
  { name: 'max', hosts: ['max.ru', 'ru.oneme.app'] },
  { name: 'messenger', hosts: ['messenger.com', 'm.me', 'com.facebook.orca'] },
  { name: 'vk-messenger', hosts: ['web.vk.me', 'vk.me', 'com.vk.im'] },
  { name: 'discord', hosts: ['discord.com', 'discord.gg', 'discordapp.com', 'com.discord'] },
  { name: 'skype', hosts: ['web.skype.com', 'skype.com', 'com.skype.raider'] },
  { name: 'slack', hosts: ['slack.com', 'slack-redir.net', 'com.slack'] },
  { name: 'teams', hosts: ['teams.microsoft.com', 'statics.teams.cdn.office.net', 'com.microsoft.teams'] },
  { name: 'signal', hosts: ['signal.org', 'signal.me', 'org.thoughtcrime.securesms'] },
  { name: 'wechat', hosts: ['wechat.com', 'weixin.qq.com', 'com.tencent.mm'] },
  { name: 'line', hosts: ['line.me', 'jp.naver.line.android'] },
  { name: 'icq', hosts: ['icq.com', 'web.icq.com'] },
  { name: 'tamtam', hosts: ['tamtam.chat', 'tt.me'] },
];

import type { Place } from './place.ts';

/** Mailboxes in the browser and applications for mail. */
export const mailServices: readonly Place[] = [
  {
    name: 'mail.yandex',
    hosts: ['mail.yandex.*', '360.yandex.ru', 'ru.yandex.mail'],
    aliases: ['yandex-mail'],
  },
  {
    name: 'mail.ru-mail',
    hosts: [
      'e.mail.ru',
      'm.mail.ru',
      'touch.mail.ru',
      'light.mail.ru',
      'octavius.mail.ru',
      'click.mail.ru',
      'ru.mail.mailapp',
    ],
  },
  { name: 'gmail', hosts: ['mail.google.com', 'inbox.google.com', 'com.google.android.gm'] },
  {
    name: 'outlook',
    hosts: [
      'outlook.com',
      'outlook.live.com',
      'outlook.office.com',
      'outlook.office365.com',
      'safelinks.protection.outlook.com',
      'com.microsoft.office.outlook',
    ],
  },
  { name: 'rambler-mail', hosts: ['mail.rambler.ru', 'm.mail.rambler.ru'] },
  { name: 'yahoo-mail', hosts: ['mail.yahoo.com', 'com.yahoo.mobile.client.android.mail'] },
  { name: 'icloud-mail', hosts: ['icloud.com'] },
  { name: 'proton-mail', hosts: ['mail.proton.me', 'protonmail.com'] },
  { name: 'mailchimp', hosts: ['mailchi.mp', 'list-manage.com'] },
  { name: 'unisender', hosts: ['unisender.com', 'usndr.com'] },
  { name: 'zoho-mail', hosts: ['mail.zoho.com', 'mail.zoho.eu'] },
  { name: 'gmx', hosts: ['gmx.net', 'gmx.com'] },
  { name: 'aol-mail', hosts: ['mail.aol.com'] },
  { name: 'ukr.net-mail', hosts: ['mail.ukr.net'] },
];

import type { Place } from './place.ts';

/** Comparison of prices, and the shops of the whole world that GA4 counts as shopping. */
export const shoppingSites: readonly Place[] = [
  { name: 'amazon', hosts: ['amazon.*', 'com.amazon.mshop.android.shopping'] },
  { name: 'ebay', hosts: ['ebay.*'] },
  { name: 'etsy', hosts: ['etsy.com'] },
  { name: 'alibaba', hosts: ['alibaba.com'] },
  { name: 'temu', hosts: ['temu.com'] },
  { name: 'google-shopping', hosts: ['shopping.google.com'] },
  { name: 'price.ru', hosts: ['price.ru'] },
  { name: 'e-katalog', hosts: ['e-katalog.ru', 'ek.ua', 'e-katalog.kz'] },
  { name: 'regmarkets', hosts: ['regmarkets.ru'] },
  { name: 'nadavi', hosts: ['nadavi.ru', 'nadavi.net'] },
  { name: 'aport', hosts: ['aport.ru'] },
  { name: 'torg.mail.ru', hosts: ['torg.mail.ru'] },
  { name: 'blizko', hosts: ['blizko.ru'] },
  { name: 'idealo', hosts: ['idealo.*'] },
  { name: 'hotline', hosts: ['hotline.ua'] },
];

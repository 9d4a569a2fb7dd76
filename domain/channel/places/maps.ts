import type { Place } from './place.ts';

/** Maps, directories of firms and collections of reviews. */
export const mapServices: readonly Place[] = [
  {
    name: '2gis',
    hosts: ['2gis.*', 'go.2gis.com', 'link.2gis.ru', 'ru.dublgis.dgismobile'],
    aliases: ['dublgis', 'doublegis', '2гис'],
  },
  {
    name: 'yandex-maps',
    hosts: ['maps.yandex.*', 'n.maps.yandex.ru', 'ru.yandex.yandexmaps', 'ru.yandex.yandexnavi'],
    aliases: ['ymaps', 'geoadv-maps', 'яндекс-карты'],
  },
  {
    name: 'google-maps',
    hosts: ['maps.google.*', 'maps.app.goo.gl', 'business.google.com', 'com.google.android.apps.maps'],
    aliases: ['gmb', 'google-my-business', 'google-business'],
  },
  { name: 'apple-maps', hosts: ['maps.apple.com'] },
  { name: 'zoon', hosts: ['zoon.ru'] },
  { name: 'yell', hosts: ['yell.ru'] },
  { name: 'flamp', hosts: ['flamp.ru'] },
  { name: 'otzovik', hosts: ['otzovik.com'] },
  { name: 'irecommend', hosts: ['irecommend.ru'] },
  { name: 'tripadvisor', hosts: ['tripadvisor.*'] },
  { name: 'orgpage', hosts: ['orgpage.ru'] },
  { name: 'spravker', hosts: ['spravker.ru'] },
];

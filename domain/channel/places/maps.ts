import type { Place } from './place.ts';

/** Maps, directories of firms and collections of reviews. */
export const mapServices: readonly Place[] = [
  {
    name: '2gis',
    hosts: ['2gis.*', 'go.2gis.com', 'link.2gis.ru', 'ru.dublgis.dgismobile'],
    aliases: ['2-gis', 'dublgis', 'doublegis'],
  },
  {
    name: 'yandex-maps',
    hosts: ['maps.yandex.*', 'n.maps.yandex.ru', 'ru.yandex.yandexmaps', 'ru.yandex.yandexnavi'],
    aliases: ['yandex_maps', 'yandexmaps', 'ymaps', 'yandex.maps'],
  },
  {
    name: 'google-maps',
    hosts: ['maps.google.*', 'maps.app.goo.gl', 'business.google.com', 'com.google.android.apps.maps'],
    aliases: ['google_maps', 'gmb', 'google-my-business', 'googlemaps'],
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

import type { Place } from './place.ts';

/** Where other sellers' goods are bought: marketplaces and boards of advertisements. */
export const marketplaces: readonly Place[] = [
  {
    name: 'yandex-market',
    hosts: ['market.yandex.*', 'ru.beru.android', 'ru.yandex.market'],
    aliases: ['market', 'yandex_market', 'ymarket', 'yandexmarket', 'yandex.market'],
  },
  { name: 'ozon', hosts: ['ozon.ru', 'ozon.by', 'ozon.kz', 'ozon.com', 'ozon.onelink.me', 'ru.ozon.app.android'] },
  {
    name: 'wildberries',
    hosts: ['wildberries.ru', 'wildberries.by', 'wildberries.kz', 'wb.ru', 'com.wildberries.ru'],
    aliases: ['wb'],
  },
  {
    name: 'megamarket',
    hosts: ['megamarket.ru', 'sbermegamarket.ru', 'ru.sbermegamarket.android'],
    aliases: ['sbermegamarket', 'mega-market'],
  },
  {
    name: 'aliexpress',
    hosts: ['aliexpress.ru', 'aliexpress.com', 'aliexpress.us', 'ru.aliexpress.buyer', 'com.alibaba.aliexpresshd'],
    aliases: ['ali'],
  },
  { name: 'avito', hosts: ['avito.ru', 'com.avito.android'] },
  { name: 'youla', hosts: ['youla.ru', 'youla.io', 'com.allgoritm.youla'] },
  { name: 'lamoda', hosts: ['lamoda.ru', 'lamoda.by', 'lamoda.kz'] },
  { name: 'kazanexpress', hosts: ['kazanexpress.ru', 'mm.ru'] },
  { name: 'kaspi', hosts: ['shop.kaspi.kz'] },
  { name: 'uzum', hosts: ['uzum.uz'] },
  { name: 'satu', hosts: ['satu.kz'] },
  { name: 'onliner', hosts: ['catalog.onliner.by', 'onliner.by'] },
  { name: 'livemaster', hosts: ['livemaster.ru'] },
  { name: 'tiu', hosts: ['tiu.ru'] },
  { name: 'pulscen', hosts: ['pulscen.ru'] },
  { name: 'flowwow', hosts: ['flowwow.com'] },
  { name: 'farpost', hosts: ['farpost.ru'] },
];

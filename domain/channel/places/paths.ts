/**
 * Services that share the host of a search engine and are told apart by the first part of the path, as far as the browser sends it
 * → the host that the service has of its own.
 */
export const hostOfPath: Readonly<Record<string, string>> = {
  'yandex.ru/maps': 'maps.yandex.ru',
  'yandex.by/maps': 'maps.yandex.by',
  'yandex.kz/maps': 'maps.yandex.kz',
  'yandex.uz/maps': 'maps.yandex.uz',
  'yandex.com/maps': 'maps.yandex.com',
  'yandex.com.tr/maps': 'maps.yandex.com.tr',
  'google.com/maps': 'maps.google.com',
  'google.ru/maps': 'maps.google.ru',
  'google.com/aclk': 'googleadservices.com',
  'google.ru/aclk': 'googleadservices.com',
};

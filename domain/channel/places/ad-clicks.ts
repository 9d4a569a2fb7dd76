/** Hosts that only a click on an advertisement passes through → the source that sold it. */
export const adClickHosts: Readonly<Record<string, string>> = {
  'yabs.yandex.ru': 'yandex',
  'an.yandex.ru': 'yandex',
  'yabs.yandex.by': 'yandex',
  'yabs.yandex.kz': 'yandex',
  'yabs.yandex.com': 'yandex',
  'googleadservices.com': 'google',
  'googlesyndication.com': 'google',
  'ad.doubleclick.net': 'google',
  'adclick.g.doubleclick.net': 'google',
  'googleads.g.doubleclick.net': 'google',
  'safeframe.googlesyndication.com': 'google',
};

import { defineSource } from '../../source.ts';
import { adCosts } from './ad-costs.ts';
import { type YandexDirectSettings, yandexDirectSettings } from './settings.ts';

export const yandexDirect = defineSource<YandexDirectSettings>({
  type: 'yandex-direct',
  title: { en: 'Yandex Direct', ru: 'Яндекс Директ' },
  docs: 'https://yandex.ru/dev/direct/doc/ru/reports',
  settings: yandexDirectSettings,
  secrets: ({ token }) => [token],
  // 20 requests in 10 seconds for one advertiser.
  rate: () => ({ perSecond: 2, burst: 5 }),
  streams: [adCosts],
});

import { defineSource } from '../../source.ts';
import { type OnecExchangeSettings, onecExchangeSettings } from './settings.ts';

/**
 * A 1C that sends its orders and payments itself, over /exchange/1c or as files: there is nothing to pull, so the source
 * has no streams; `importCommerceml` reads what was sent.
 */
export const onecExchange = defineSource<OnecExchangeSettings>({
  type: '1c-exchange',
  title: { en: '1C (exchange with a site, CommerceML)', ru: '1С (обмен с сайтом, CommerceML)' },
  docs: 'https://v8.1c.ru/tekhnologii/obmen-dannymi-i-integratsiya/standarty-i-formaty/protokol-obmena-s-saytom/',
  isAccounting: true,
  settings: onecExchangeSettings,
  secrets: (settings) => [settings.password],
  rate: () => ({ perSecond: 1, burst: 1 }),
  streams: [],
});

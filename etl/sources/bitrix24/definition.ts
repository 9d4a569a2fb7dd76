import { defineSource } from '../../source.ts';
import { contacts } from './contacts.ts';
import { deals } from './deals.ts';
import { leads } from './leads.ts';
import { type Bitrix24Settings, bitrix24Settings } from './settings.ts';
import { stageHistory } from './stage-history.ts';

export const bitrix24 = defineSource<Bitrix24Settings>({
  type: 'bitrix24',
  title: { en: 'Bitrix24', ru: 'Битрикс24' },
  docs: 'https://apidocs.bitrix24.ru/local-integrations/local-webhooks.html',
  settings: bitrix24Settings,
  secrets: ({ url }) => secretsOfWebhook(url),
  // The bucket holds 25 to 50 seconds of its rate; what is left of it is for other applications on this address.
  rate: ({ requests_per_second }) => ({ perSecond: requests_per_second, burst: 10 * requests_per_second }),
  streams: [contacts, leads, deals, stageHistory],
});

/** Of `/rest/1/secret/` the part after the user's id; the whole path first, so that it is masked as one. */
function secretsOfWebhook(url: string): string[] {
  const parts = new URL(url).pathname.split('/').filter((part) => part !== '');
  const secret = parts.at(-1) ?? '';
  return [parts.slice(-2).join('/'), secret];
}

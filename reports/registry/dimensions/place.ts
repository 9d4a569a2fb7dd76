import { sql } from 'kysely';
import { type Dimension, touchColumn } from '../dimension.ts';

const visitsAlone = { costs: false };

/** What is known of the visit itself, and of no other touch. */
const ofVisit = (column: string, label: Dimension['label'], description: Dimension['description']): Dimension => ({
  name: column,
  type: 'string',
  label,
  description,
  own: { visits: sql.raw(`v.${column}`) },
});

/** Where a visitor is, and what speaks for a robot. */
export const placeDimensions: readonly Dimension[] = [
  touchColumn(
    'country',
    {
      label: { en: 'Country', ru: 'Страна' },
      description: {
        en: 'ISO 3166 code of the country of the address: RU, KZ. IP Geolocation by DB-IP (https://db-ip.com).',
        ru: 'Код страны адреса по ISO 3166: RU, KZ. Геолокация по IP: DB-IP (https://db-ip.com).',
      },
    },
    visitsAlone,
  ),
  touchColumn(
    'region',
    {
      label: { en: 'Region', ru: 'Регион' },
      description: {
        en: 'Region of the address, as the file of places names it. IP Geolocation by DB-IP (https://db-ip.com).',
        ru: 'Регион адреса, как его называет файл мест. Геолокация по IP: DB-IP (https://db-ip.com).',
      },
    },
    visitsAlone,
  ),
  touchColumn(
    'city',
    {
      label: { en: 'City', ru: 'Город' },
      description: {
        en: 'City of the address, as the file of places names it. IP Geolocation by DB-IP (https://db-ip.com).',
        ru: 'Город адреса, как его называет файл мест. Геолокация по IP: DB-IP (https://db-ip.com).',
      },
    },
    visitsAlone,
  ),
  ofVisit(
    'bot_reason',
    { en: 'Sign of a robot', ru: 'Признак робота' },
    {
      en: 'Why a visit counts as a robot: user_agent, headless, behaviour. Empty for people; robots show with include_bots.',
      ru: 'Почему визит считается визитом робота: user_agent, headless, behaviour. У людей пусто; роботы видны с include_bots.',
    },
  ),
  ofVisit(
    'data_centre',
    { en: 'Data centre', ru: 'Дата-центр' },
    {
      en: 'Cloud that the address belongs to: aws, yandex-cloud. Empty when none is known. People behind VPN are among them.',
      ru: 'Облако, которому принадлежит адрес: aws, yandex-cloud. Пусто, если неизвестно. Среди них и люди за VPN.',
    },
  ),
];

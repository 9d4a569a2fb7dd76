import { sql } from 'kysely';
import { type Dimension, touchColumn } from '../dimension.ts';

const costs = { costs: true };
const visitsAlone = { costs: false };
const alsoAnonymous = { anonymous: true } as const;

const named = (alias: string) => sql.raw(`if(n.campaign != '', n.campaign, ${alias}.campaign)`);

/** Where a visit, a cost or a credited touch came from. */
export const touchDimensions: readonly Dimension[] = [
  {
    ...touchColumn(
      'channel',
      {
        label: { en: 'Channel', ru: 'Канал' },
        description: {
          en: 'Channel group: Paid Search, Organic Search, Direct, No visit and so on.',
          ru: 'Группа каналов: Paid Search, Organic Search, Direct, No visit и другие.',
        },
      },
      { ...costs, ...alsoAnonymous },
    ),
    withoutTouch: 'No visit',
  },
  touchColumn(
    'platform',
    {
      label: { en: 'Ad platform', ru: 'Рекламная площадка' },
      description: { en: 'yandex-direct, vk-ads and so on.', ru: 'yandex-direct, vk-ads и другие.' },
    },
    { ...costs, ...alsoAnonymous },
  ),
  touchColumn(
    'source',
    {
      label: { en: 'Source', ru: 'Источник' },
      description: { en: 'utm_source, or the site it came from.', ru: 'utm_source или сайт, с которого пришли.' },
    },
    { ...costs, ...alsoAnonymous },
  ),
  touchColumn(
    'medium',
    {
      label: { en: 'Medium', ru: 'Тип трафика' },
      description: { en: 'utm_medium, or what is known without it.', ru: 'utm_medium или то, что известно без него.' },
    },
    { ...costs, ...alsoAnonymous },
  ),
  {
    name: 'campaign',
    type: 'string',
    label: { en: 'Campaign', ru: 'Кампания' },
    description: {
      en: 'Newest name of the campaign in its ad platform, else utm_campaign.',
      ru: 'Последнее название кампании на площадке, иначе utm_campaign.',
    },
    own: { visits: named('v'), costs: named('c') },
    touch: named('t'),
    usesCampaignNames: true,
  },
  touchColumn(
    'campaign_id',
    {
      label: { en: 'Campaign id', ru: 'Номер кампании' },
      description: { en: 'Id in the ad platform.', ru: 'Номер на рекламной площадке.' },
    },
    costs,
  ),
  touchColumn(
    'adgroup_id',
    {
      label: { en: 'Ad group id', ru: 'Номер группы' },
      description: { en: 'Id in the ad platform.', ru: 'Номер на рекламной площадке.' },
    },
    costs,
  ),
  touchColumn(
    'ad_id',
    {
      label: { en: 'Ad id', ru: 'Номер объявления' },
      description: { en: 'Id in the ad platform.', ru: 'Номер на рекламной площадке.' },
    },
    costs,
  ),
  touchColumn(
    'keyword',
    {
      label: { en: 'Keyword', ru: 'Ключевая фраза' },
      description: { en: 'Keyword of a paid search visit.', ru: 'Ключевая фраза платного поискового визита.' },
    },
    costs,
  ),
  touchColumn(
    'content',
    { label: { en: 'Content', ru: 'Содержание' }, description: { en: 'utm_content.', ru: 'utm_content.' } },
    costs,
  ),
  touchColumn(
    'term',
    { label: { en: 'Term', ru: 'Термин' }, description: { en: 'utm_term.', ru: 'utm_term.' } },
    costs,
  ),
  touchColumn(
    'referrer_host',
    {
      label: { en: 'Referring site', ru: 'Ссылающийся сайт' },
      description: { en: 'Host of the referrer.', ru: 'Сайт, с которого пришли.' },
    },
    { ...visitsAlone, ...alsoAnonymous },
  ),
  {
    name: 'site',
    type: 'string',
    label: { en: 'Site', ru: 'Сайт' },
    description: {
      en: 'Site of the visit, by its key in the configuration.',
      ru: 'Сайт, на котором был визит, по его ключу в настройках.',
    },
    own: { visits: sql`v.site`, anonymous: sql`a.site` },
  },
  touchColumn(
    'landing_page',
    {
      label: { en: 'Landing page', ru: 'Страница входа' },
      description: { en: 'Path of the first page.', ru: 'Путь первой страницы визита.' },
    },
    visitsAlone,
  ),
  touchColumn(
    'landing_host',
    {
      label: { en: 'Landing host', ru: 'Домен входа' },
      description: { en: 'Host of the first page.', ru: 'Домен первой страницы визита.' },
    },
    visitsAlone,
  ),
  touchColumn(
    'entry_title',
    {
      label: { en: 'Title of the landing page', ru: 'Заголовок страницы входа' },
      description: { en: 'Title of the first page.', ru: 'Заголовок первой страницы визита.' },
    },
    visitsAlone,
  ),
  touchColumn(
    'device',
    {
      label: { en: 'Device', ru: 'Устройство' },
      description: { en: 'desktop, mobile, tablet, tv, other.', ru: 'desktop, mobile, tablet, tv, other.' },
    },
    visitsAlone,
  ),
  touchColumn(
    'os',
    {
      label: { en: 'Operating system', ru: 'Операционная система' },
      description: { en: 'Windows, Android and so on.', ru: 'Windows, Android и другие.' },
    },
    visitsAlone,
  ),
  touchColumn(
    'browser',
    {
      label: { en: 'Browser', ru: 'Браузер' },
      description: { en: 'Chrome, Safari and so on.', ru: 'Chrome, Safari и другие.' },
    },
    visitsAlone,
  ),
  touchColumn(
    'visit_kind',
    {
      label: { en: 'Kind of visit', ru: 'Вид визита' },
      description: { en: 'new or returning browser.', ru: 'new — первый визит браузера, returning — повторный.' },
    },
    visitsAlone,
  ),
  touchColumn(
    'touch_kind',
    {
      label: { en: 'Kind of touch', ru: 'Вид касания' },
      description: { en: 'visit, call, chat, email, form, offline.', ru: 'visit, call, chat, email, form, offline.' },
    },
    visitsAlone,
  ),
];

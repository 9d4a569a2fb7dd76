import type { TrueSource } from './model.ts';
import type { Random } from './random.ts';

/** A way into the shop: what the visitor's browser shows of it, and what is true. */
export interface Entrance {
  readonly key: string;
  /** Why this campaign is in the shop. */
  readonly scenario: string;
  /** Share among visits that lead to a purchase, and among all others. */
  readonly buyerWeight: number;
  readonly crowdWeight: number;
  readonly arrive: (random: Random) => Arrival;
}

export interface Arrival {
  readonly query: string;
  readonly referrer: string;
  readonly source: TrueSource;
}

export interface DirectCampaign {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly scenario: string;
  /** Kopecks of one click, with VAT. */
  readonly clickPrice: number;
  readonly clicksPerDay: number;
  readonly adGroups: readonly { readonly id: string; readonly ads: readonly string[] }[];
  readonly keywords: readonly string[];
  readonly tags: 'utm' | 'yclid';
  readonly buyerWeight: number;
  readonly crowdWeight: number;
}

export const directCampaigns: readonly DirectCampaign[] = [
  {
    id: '70100101',
    key: 'direct-brand',
    name: 'Поиск / Бренд',
    scenario: 'earns much with little spend',
    clickPrice: 900,
    clicksPerDay: 16,
    adGroups: [{ id: '5210000101', ads: ['13480000101', '13480000102'] }],
    keywords: ['северный дом', 'северный дом магазин'],
    tags: 'utm',
    buyerWeight: 12,
    crowdWeight: 7,
  },
  {
    id: '70100102',
    key: 'direct-kettles',
    name: 'Поиск / Чайники',
    scenario: 'the ordinary profitable campaign; renamed later',
    clickPrice: 3400,
    clicksPerDay: 30,
    adGroups: [
      { id: '5210000201', ads: ['13480000201', '13480000202'] },
      { id: '5210000202', ads: ['13480000203'] },
    ],
    keywords: ['купить чайник', 'электрический чайник'],
    tags: 'utm',
    buyerWeight: 15,
    crowdWeight: 13,
  },
  {
    id: '70100103',
    key: 'direct-rivals',
    name: 'Поиск / Конкуренты',
    scenario: 'loses money: dear clicks, few sales',
    clickPrice: 24000,
    clicksPerDay: 22,
    adGroups: [{ id: '5210000301', ads: ['13480000301', '13480000302'] }],
    keywords: ['магазин техники', 'распродажа техники'],
    tags: 'utm',
    buyerWeight: 2,
    crowdWeight: 9,
  },
  {
    id: '70100104',
    key: 'direct-network',
    name: 'РСЯ / Холодная аудитория',
    scenario: 'spends and never sells',
    clickPrice: 1500,
    clicksPerDay: 26,
    adGroups: [{ id: '5210000401', ads: ['13480000401'] }],
    keywords: ['техника для кухни'],
    tags: 'utm',
    buyerWeight: 0,
    crowdWeight: 10,
  },
  {
    id: '70100105',
    key: 'direct-master',
    name: 'Мастер кампаний',
    scenario: 'tagged by yclid alone, no UTM',
    clickPrice: 2600,
    clicksPerDay: 14,
    adGroups: [{ id: '5210000501', ads: ['13480000501'] }],
    keywords: [],
    tags: 'yclid',
    buyerWeight: 6,
    crowdWeight: 5,
  },
];

export const renamedCampaign = { id: '70100102', name: 'Поиск / Чайники и термопоты' } as const;

const nothing = { platform: null, campaign: null, campaignId: null, adId: null, keyword: null } as const;

export const directSource: TrueSource = {
  ...nothing,
  channel: 'Direct',
  source: '(direct)',
  medium: '(none)',
};

const paidYandex = { channel: 'Paid Search', source: 'yandex', medium: 'cpc', platform: 'yandex-direct' } as const;

/** A click on an advertisement of one Direct campaign. */
export function arriveFromDirect(campaign: DirectCampaign, random: Random): Arrival {
  const yclid = random.digits(19);
  const referrer = 'https://yandex.ru/';
  if (campaign.tags === 'yclid') {
    return { query: `yclid=${yclid}`, referrer, source: { ...nothing, ...paidYandex } };
  }
  const adId = random.pick(campaign.adGroups.flatMap((group) => group.ads));
  const keyword = random.pick(campaign.keywords);
  const query = utm({ source: 'yandex', medium: 'cpc', campaign: campaign.id, content: adId, term: keyword });
  return {
    query: `${query}&yclid=${yclid}`,
    referrer,
    source: { ...paidYandex, campaign: campaign.id, campaignId: campaign.id, adId, keyword },
  };
}

export const utm = (tags: Readonly<Record<string, string>>): string =>
  Object.entries(tags)
    .map(([name, value]) => `utm_${name}=${encodeURIComponent(value)}`)
    .join('&');

/** Name of the VK campaign that also appears double-encoded and in windows-1251. */
export const vkCyrillicCampaign = 'осень_скидки';

export const vkSource = (campaign: string): TrueSource => ({
  ...nothing,
  channel: 'Paid Social',
  source: 'vk',
  medium: 'cpc',
  platform: 'vk-ads',
  campaign,
});

const fromVk = (campaign: string) => (random: Random) => ({
  query: `${utm({ source: 'vk', medium: 'cpc', campaign })}&rb_clickid=${random.digits(12)}`,
  referrer: 'https://vk.com/',
  source: vkSource(campaign),
});

export const mailSource = (campaign: string): TrueSource => ({
  ...nothing,
  channel: 'Email',
  source: 'unisender',
  medium: 'email',
  campaign,
});

const fromMail = (campaign: string) => () => ({
  query: utm({ source: 'unisender', medium: 'email', campaign }),
  referrer: '',
  source: mailSource(campaign),
});

const fromReferrer = (referrer: string, channel: string, source: string, medium: string) => () => ({
  query: '',
  referrer,
  source: { ...nothing, channel, source, medium },
});

const fromGoogleAds = (random: Random) => ({
  query: `gclid=EAIaIQob${random.digits(14)}_wE`,
  referrer: 'https://www.google.com/',
  source: { ...nothing, channel: 'Paid Search', source: 'google', medium: 'cpc', platform: 'google-ads' },
});

const others: readonly Entrance[] = [
  {
    key: 'vk-autumn',
    scenario: 'paid social by UTM; spend written by hand for ranges of days; also double-encoded and windows-1251',
    buyerWeight: 6,
    crowdWeight: 7,
    arrive: fromVk(vkCyrillicCampaign),
  },
  {
    key: 'vk-lookalike',
    scenario: 'paid social by UTM with an ASCII name',
    buyerWeight: 3,
    crowdWeight: 5,
    arrive: fromVk('lookalike_2'),
  },
  {
    key: 'mail-weekly',
    scenario: 'the mailing that brings buyers back',
    buyerWeight: 9,
    crowdWeight: 5,
    arrive: fromMail('weekly'),
  },
  {
    key: 'mail-cart',
    scenario: 'reminds of abandoned carts',
    buyerWeight: 5,
    crowdWeight: 2,
    arrive: fromMail('abandoned_cart'),
  },
  {
    key: 'google-ads',
    scenario: 'gclid alone, and no spend known: visits without spend',
    buyerWeight: 2,
    crowdWeight: 2,
    arrive: fromGoogleAds,
  },
  {
    key: 'google-organic',
    scenario: 'organic search by referrer',
    buyerWeight: 9,
    crowdWeight: 11,
    arrive: fromReferrer('https://www.google.com/', 'Organic Search', 'google', 'organic'),
  },
  {
    key: 'yandex-organic',
    scenario: 'organic search by referrer',
    buyerWeight: 11,
    crowdWeight: 13,
    arrive: fromReferrer('https://yandex.ru/', 'Organic Search', 'yandex', 'organic'),
  },
  {
    key: 'vk-organic',
    scenario: 'a post in the community, without tags',
    buyerWeight: 3,
    crowdWeight: 4,
    arrive: fromReferrer('https://vk.com/', 'Organic Social', 'vk', 'social'),
  },
  {
    key: 'review-site',
    scenario: 'a link on another site',
    buyerWeight: 3,
    crowdWeight: 3,
    arrive: fromReferrer('https://obzor-tehniki.ru/chajniki/', 'Referral', 'obzor-tehniki.ru', 'referral'),
  },
  {
    key: 'direct',
    scenario: 'typed address or bookmark',
    buyerWeight: 14,
    crowdWeight: 12,
    arrive: () => ({ query: '', referrer: '', source: directSource }),
  },
];

/** Every way into the shop. */
export const entrances: readonly Entrance[] = [
  ...directCampaigns.map((campaign) => ({
    key: campaign.key,
    scenario: campaign.scenario,
    buyerWeight: campaign.buyerWeight,
    crowdWeight: campaign.crowdWeight,
    arrive: (random: Random) => arriveFromDirect(campaign, random),
  })),
  ...others,
];

export function entrance(key: string): Entrance {
  const found = entrances.find((one) => one.key === key);
  if (!found) throw new Error(`no such entrance: ${key}`);
  return found;
}

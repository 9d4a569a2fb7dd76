/** A click id that an ad system or search page appends to the landing address. */
export interface ClickId {
  /** Name of the parameter, lower case. */
  readonly name: string;
  /** Empty when the parameter says that the link is an advertisement and not whose. */
  readonly source: string;
  readonly medium: string;
  /** Ad platform; empty when the parameter does not prove an ad click. */
  readonly platform: string;
}

/** In the order in which they are looked for: the first one found names the click. */
export const clickIds: readonly ClickId[] = [
  { name: 'yclid', source: 'yandex', medium: 'cpc', platform: 'yandex-direct' },
  { name: 'gclid', source: 'google', medium: 'cpc', platform: 'google-ads' },
  { name: 'gbraid', source: 'google', medium: 'cpc', platform: 'google-ads' },
  { name: 'wbraid', source: 'google', medium: 'cpc', platform: 'google-ads' },
  // What is left of a click on an ad where a browser takes the click id away.
  { name: 'gad_campaignid', source: 'google', medium: 'cpc', platform: 'google-ads' },
  { name: 'gad_source', source: 'google', medium: 'cpc', platform: 'google-ads' },
  { name: 'dclid', source: 'dv360', medium: 'cpm', platform: 'dv360' },
  { name: 'rb_clickid', source: 'vk', medium: 'cpc', platform: 'vk-ads' },
  { name: 'vkclid', source: 'vk', medium: 'cpc', platform: 'vk-ads' },
  { name: 'ymclid', source: 'yandex-market', medium: 'cpc', platform: 'yandex-market' },
  { name: 'msclkid', source: 'bing', medium: 'cpc', platform: 'microsoft-ads' },
  { name: 'ttclid', source: 'tiktok', medium: 'cpc', platform: 'tiktok-ads' },
  { name: 'twclid', source: 'twitter', medium: 'cpc', platform: 'x-ads' },
  { name: 'li_fat_id', source: 'linkedin', medium: 'cpc', platform: 'linkedin-ads' },
  { name: 'sccid', source: 'snapchat', medium: 'cpc', platform: 'snapchat-ads' },
  { name: 'rdt_cid', source: 'reddit', medium: 'cpc', platform: 'reddit-ads' },
  // Organic posts carry it too, so that alone it proves the network and not a paid click.
  { name: 'fbclid', source: 'facebook', medium: 'social', platform: '' },
  { name: 'ysclid', source: 'yandex', medium: 'organic', platform: '' },
  { name: 'srsltid', source: 'google', medium: 'organic', platform: '' },
  // The token that Russian law demands of each advertisement (order 191 of Roskomnadzor, 30 November 2022), posts of bloggers among them.
  { name: 'erid', source: '', medium: 'paid', platform: '' },
];

/** The platform behind a paid tag that carries no click id. */
export const platformOfSource: Readonly<Record<string, string>> = {
  yandex: 'yandex-direct',
  google: 'google-ads',
  vk: 'vk-ads',
  ok: 'vk-ads',
  facebook: 'meta-ads',
  instagram: 'meta-ads',
  tiktok: 'tiktok-ads',
  bing: 'microsoft-ads',
  twitter: 'x-ads',
  linkedin: 'linkedin-ads',
  dv360: 'dv360',
};

/** How a platform's own spend is tagged when the cost row carries no utm marks. */
export const tagOfPlatform: Readonly<Record<string, { readonly source: string; readonly medium: string }>> = {
  'yandex-direct': { source: 'yandex', medium: 'cpc' },
  'google-ads': { source: 'google', medium: 'cpc' },
  'vk-ads': { source: 'vk', medium: 'cpc' },
  'meta-ads': { source: 'facebook', medium: 'cpc' },
  'microsoft-ads': { source: 'bing', medium: 'cpc' },
  'tiktok-ads': { source: 'tiktok', medium: 'cpc' },
  'x-ads': { source: 'twitter', medium: 'cpc' },
  'linkedin-ads': { source: 'linkedin', medium: 'cpc' },
  'snapchat-ads': { source: 'snapchat', medium: 'cpc' },
  'reddit-ads': { source: 'reddit', medium: 'cpc' },
  dv360: { source: 'dv360', medium: 'cpm' },
  'yandex-market': { source: 'yandex-market', medium: 'cpc' },
};

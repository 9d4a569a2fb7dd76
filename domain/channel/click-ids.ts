/** A click id that an ad system or search page appends to the landing address. */
export interface ClickId {
  /** Name of the parameter, lower case. */
  readonly name: string;
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
  { name: 'rb_clickid', source: 'vk', medium: 'cpc', platform: 'vk-ads' },
  { name: 'vkclid', source: 'vk', medium: 'cpc', platform: 'vk-ads' },
  { name: 'ymclid', source: 'yandex-market', medium: 'cpc', platform: 'yandex-market' },
  { name: 'msclkid', source: 'bing', medium: 'cpc', platform: 'microsoft-ads' },
  { name: 'ttclid', source: 'tiktok', medium: 'cpc', platform: 'tiktok-ads' },
  // Organic posts carry it too, so that alone it proves the network and not a paid click.
  { name: 'fbclid', source: 'facebook', medium: 'social', platform: '' },
  { name: 'ysclid', source: 'yandex', medium: 'organic', platform: '' },
  { name: 'srsltid', source: 'google', medium: 'organic', platform: '' },
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
};

/** How a platform's own spend is tagged when the cost row carries no utm marks. */
export const tagOfPlatform: Readonly<Record<string, { readonly source: string; readonly medium: string }>> = {
  'yandex-direct': { source: 'yandex', medium: 'cpc' },
  'google-ads': { source: 'google', medium: 'cpc' },
  'vk-ads': { source: 'vk', medium: 'cpc' },
  'meta-ads': { source: 'facebook', medium: 'cpc' },
  'microsoft-ads': { source: 'bing', medium: 'cpc' },
  'tiktok-ads': { source: 'tiktok', medium: 'cpc' },
  'yandex-market': { source: 'yandex-market', medium: 'cpc' },
};

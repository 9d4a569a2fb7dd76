import type { DeviceKind, Item } from './model.ts';

export interface Product {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly category: string;
  /** Kopecks. */
  readonly price: bigint;
  readonly cogs: bigint;
}

export const products: readonly Product[] = [
  {
    id: 'kettle-17',
    slug: 'chajnik-sever',
    name: 'Чайник «Север» 1,7 л',
    category: 'Чайники',
    price: 349000n,
    cogs: 205350n,
  },
  {
    id: 'kettle-10',
    slug: 'chajnik-malysh',
    name: 'Чайник «Малыш» 1 л',
    category: 'Чайники',
    price: 189050n,
    cogs: 112077n,
  },
  { id: 'pot-5', slug: 'termopot-5', name: 'Термопот 5 л', category: 'Чайники', price: 799010n, cogs: 471113n },
  {
    id: 'coffee-9',
    slug: 'kofemashina-alba',
    name: 'Кофемашина «Альба»',
    category: 'Кофе',
    price: 2849000n,
    cogs: 1743333n,
  },
  {
    id: 'grinder-2',
    slug: 'kofemolka-zerno',
    name: 'Кофемолка «Зерно»',
    category: 'Кофе',
    price: 429007n,
    cogs: 251089n,
  },
  { id: 'mixer-4', slug: 'mikser-vihr', name: 'Миксер «Вихрь»', category: 'Кухня', price: 559099n, cogs: 342201n },
  { id: 'blender-6', slug: 'blender-sila', name: 'Блендер «Сила»', category: 'Кухня', price: 689033n, cogs: 399931n },
  { id: 'oven-30', slug: 'pech-ugolek', name: 'Мини-печь «Уголёк»', category: 'Кухня', price: 1129000n, cogs: 702515n },
];

export const toItem = (product: Product, quantity: number): Item => ({
  productId: product.id,
  name: product.name,
  price: product.price,
  quantity,
  cogs: product.cogs,
});

export const amountOf = (items: readonly Item[]): bigint =>
  items.reduce((sum, item) => sum + item.price * BigInt(item.quantity), 0n);

export const cogsOf = (items: readonly Item[]): bigint =>
  items.reduce((sum, item) => sum + item.cogs * BigInt(item.quantity), 0n);

export const userAgents: readonly (readonly [{ readonly kind: DeviceKind; readonly text: string }, number])[] = [
  [
    {
      kind: 'desktop',
      text: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36',
    },
    26,
  ],
  [
    {
      kind: 'desktop',
      text: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 YaBrowser/25.12.0.0 Safari/537.36',
    },
    12,
  ],
  [
    {
      kind: 'desktop',
      text: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
    },
    6,
  ],
  [
    {
      kind: 'mobile',
      text: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    },
    22,
  ],
  [
    {
      kind: 'mobile',
      text: 'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36',
    },
    30,
  ],
  [
    {
      kind: 'tablet',
      text: 'Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1',
    },
    4,
  ],
];

export const botUserAgents: readonly string[] = [
  'Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)',
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)',
];

export const managers: readonly { readonly id: number; readonly name: string; readonly lastName: string }[] = [
  { id: 11, name: 'Анна', lastName: 'Ветрова' },
  { id: 12, name: 'Илья', lastName: 'Громов' },
  { id: 13, name: 'Мария', lastName: 'Лесная' },
];

export const pipelines: readonly { readonly id: number; readonly name: string }[] = [
  { id: 0, name: 'Розница' },
  { id: 2, name: 'Опт' },
];

/** Stage of the CRM that means «not a customer»: the project's rules put it in the group `excluded`. */
export const spamStage = 'UC_SPAM';

export const site = {
  key: 'demo',
  host: 'shop.example',
  origin: 'https://shop.example',
  domains: ['shop.example'],
  origins: ['https://shop.example', 'http://shop.example'],
} as const;

/** Ids under which a project is expected to connect the shop's systems. */
export const sourceIds = {
  crm: 'b24',
  odata: 'onec',
  exchange: 'onec-exchange',
  direct: 'direct',
  costs: 'manual',
} as const;

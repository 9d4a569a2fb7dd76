import { type ServedHere, serveHere } from '../app/support/serve-here.ts';
import { openShop, type Shop } from './shop.ts';
import { wholeTag } from './whole-tag.ts';

export interface RealCollector {
  readonly shop: Shop;
  readonly product: ServedHere;
  /** The tag whose events go to the product, by another host of the shop as a shop would have it. */
  tag(attributes?: string): string;
  close(): Promise<void>;
}

/** The pages of a shop, and the whole product behind its tag. `more`: further lines of the product's configuration. */
export async function openRealCollector(more = ''): Promise<RealCollector> {
  const shop = await openShop();
  const origin = shop.site.url('shop.test', '');
  const config = `project: shop
secret: a secret that only tests know
sites:
  - { key: ${shop.siteKey}, domains: [shop.test], origins: ["${origin}"] }
${more}`;
  const product = await serveHere({ config });
  const endpoint = `http://stats.shop.test:${product.port}/collect`;
  return {
    shop,
    product,
    tag: (attributes = '') => wholeTag(shop, `data-endpoint="${endpoint}" ${attributes}`),
    close: async () => {
      await shop.close();
      await product.stop();
    },
  };
}

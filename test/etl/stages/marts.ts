import type { Shop } from './shop.ts';

const tables = [
  'visits',
  'touches',
  'anonymous_hits',
  'leads',
  'deals',
  'deal_items',
  'deal_stages',
  'deal_touches',
  'payments',
  'costs',
  'clients',
  'campaigns',
] as const;

export type Marts = Readonly<Record<string, readonly object[]>>;

/** All that the stages compute for reports, and who is who. */
export async function martsOf(shop: Shop): Promise<Marts> {
  const marts: Record<string, object[]> = {};
  for (const table of tables) {
    marts[table] = await shop.mart(table);
  }
  const links = await shop.mart<{ client_id: string }>('identity_links', 'node, client_id');
  return { ...marts, links: links.filter(({ client_id }) => client_id !== '') };
}

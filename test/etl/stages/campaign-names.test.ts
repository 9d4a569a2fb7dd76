import { beforeAll, expect, test } from 'vitest';
import { type Loose, record } from './raw.ts';
import { type Shop, useShops } from './shop.ts';

const openShop = useShops();

const at = (hour: number): string => `2026-03-11T${String(hour).padStart(2, '0')}:00:00Z`;
const cost = (id: string, campaignId: string, campaign: string, hour: number, more: object = {}): Loose => {
  const told = { source: 'ads', id, date: '2026-03-10', platform: 'vk-ads', campaign_id: campaignId, campaign };
  return record('cost', { ...told, cost: 100, vat: 'included', ...more }, at(hour));
};

const told = [
  cost('a', 'deleted', 'Right', 10),
  cost('b', 'deleted', 'Wrong', 11),
  cost('c', 'renamed', 'Old', 10),
  cost('d', 'moved from', 'Mover', 10),
  cost('e', 'empty', 'Gone', 10),
  cost('b', 'deleted', 'Wrong', 12, { deleted: true }),
  cost('f', 'renamed', 'New', 11),
  cost('d', 'moved to', 'Mover', 11),
  cost('g', 'moved to', 'Elder', 10),
  cost('e', 'empty', 'Gone', 11, { deleted: true }),
  cost('h', 'told backwards', 'New', 10, { date: '2026-02-05' }),
  cost('i', 'told backwards', 'Old', 11, { date: '2026-01-05' }),
  cost('j', 'tagged', 'Brand Moscow', 10),
  cost('k', 'tagged', '', 11, { utm_campaign: 'brand_msk', date: '2026-03-11' }),
  cost('l', 'tagged only', '', 10, { utm_campaign: 'brand_spb' }),
];
const names = {
  deleted: 'Right',
  renamed: 'New',
  'moved to': 'Mover',
  'told backwards': 'New',
  tagged: 'Brand Moscow',
};

/** Id → name of the campaigns that have one. */
async function namesIn(shop: Shop): Promise<Record<string, string>> {
  const rows = await shop.mart<{ campaign_id: string; campaign: string }>('campaigns', 'campaign_id, campaign');
  return Object.fromEntries(rows.map(({ campaign_id, campaign }) => [campaign_id, campaign]));
}

async function load(shop: Shop, ...batches: readonly (readonly Loose[])[]): Promise<void> {
  for (const batch of batches) {
    await shop.records(...batch);
    await shop.settle();
  }
}

let inPieces: Shop;
beforeAll(async () => {
  inPieces = openShop();
  await load(inPieces, told.slice(0, 5), told.slice(5, 6), told.slice(6));
});

test('a campaign bears the name of the newest day of its living costs, never a mark, and without one it bears none', async () => {
  const atOnce = openShop();
  await load(atOnce, told);
  expect(await namesIn(atOnce)).toEqual(names);
  const tags = await atOnce.mart('costs', 'campaign', 'cost_key');
  expect(tags.slice(-2)).toEqual([{ campaign: 'brand_msk' }, { campaign: 'brand_spb' }]);
  expect(await namesIn(inPieces)).toEqual(names);
});

test('names are the same whichever cost came first', async () => {
  const backwards = openShop();
  await load(backwards, told.slice(5).toReversed(), told.slice(0, 5).toReversed());
  expect(await namesIn(backwards)).toEqual(names);
});

test('a rebuild keeps the names, and leaves none that no cost gives', async () => {
  const { warehouse, project } = inPieces;
  const stray = {
    project,
    platform: 'vk-ads',
    campaign_id: 'stray',
    campaign: 'Stray',
    named_at: '2026-03-11 00:00:00',
  };
  await warehouse.insertRows('campaigns', [stray]);
  await inPieces.rebuild();
  expect(await namesIn(inPieces)).toEqual(names);
});

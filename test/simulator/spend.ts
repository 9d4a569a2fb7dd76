import type { Builder } from './builder.ts';
import {
  type DirectCampaign,
  directCampaigns,
  mailSource,
  renamedCampaign,
  vkCyrillicCampaign,
  vkSource,
} from './campaigns.ts';
import type { CostRow, TrueSource } from './model.ts';
import { shiftDate } from './moscow.ts';
import { at } from './random.ts';

/** Spend of every campaign for every day, and what the platforms correct later. */
export function addSpend(builder: Builder): void {
  for (let day = 0; day < builder.period.days; day++) {
    const date = shiftDate(builder.period.startDate, day);
    for (const campaign of directCampaigns) addDirectDay(builder, campaign, date);
  }
  addManualCosts(builder);
  addCorrections(builder);
}

function addDirectDay(builder: Builder, campaign: DirectCampaign, date: string): void {
  const { random } = builder;
  const ads = campaign.adGroups.flatMap((group) => group.ads.map((adId) => ({ groupId: group.id, adId })));
  for (const { groupId, adId } of ads) {
    const mean = campaign.clicksPerDay / ads.length;
    const clicks = random.int(Math.floor(mean * 0.7), Math.ceil(mean * 1.3));
    const perClick = random.int(Math.floor(campaign.clickPrice * 0.8), Math.ceil(campaign.clickPrice * 1.2));
    builder.costs.push({
      id: `direct/${date}/${adId}`,
      route: 'direct',
      date,
      toDate: date,
      platform: 'yandex-direct',
      channel: 'Paid Search',
      source: 'yandex',
      medium: 'cpc',
      campaignId: campaign.id,
      campaign: campaign.name,
      adGroupId: groupId,
      adId,
      cost: BigInt(clicks * perClick + random.int(0, 99)),
      vat: 'included',
      kind: 'media',
      impressions: clicks * random.int(15, 60),
      clicks,
      ...(campaign.buyerWeight === 0 ? { scenario: 'campaign-without-sale' as const } : {}),
      ...(campaign.key === 'direct-rivals' ? { scenario: 'losing-campaign' as const } : {}),
    });
  }
}

function manual(
  id: string,
  source: TrueSource,
  date: string,
  toDate: string,
  cost: bigint,
  more: Partial<CostRow> = {},
): CostRow {
  return {
    id,
    route: 'ingest',
    date,
    toDate,
    platform: source.platform,
    channel: source.channel,
    source: source.source,
    medium: source.medium,
    campaignId: null,
    campaign: source.campaign ?? '',
    adGroupId: null,
    adId: null,
    cost,
    vat: 'included',
    kind: 'media',
    impressions: 0,
    clicks: 0,
    ...more,
  };
}

/** What has no connector is written in by hand: a sum for a week, with or without VAT, and one cost that is no advertising. */
function addManualCosts(builder: Builder): void {
  const { period, random, costs } = builder;
  for (let day = 0; day < period.days; day += 7) {
    const date = shiftDate(period.startDate, day);
    const toDate = shiftDate(period.startDate, Math.min(day + 6, period.days - 1));
    const weeks: readonly (readonly [string, bigint])[] = [
      [vkCyrillicCampaign, BigInt(random.int(420_000, 700_000))],
      ['lookalike_2', BigInt(random.int(230_000, 420_000))],
    ];
    for (const [campaign, cost] of weeks) {
      const clicks = random.int(60, 160);
      const more = { impressions: clicks * 70, clicks, scenario: 'manual-cost-range' as const };
      costs.push(manual(`vk/${campaign}/${date}`, vkSource(campaign), date, toDate, cost, more));
    }
    const mailing = manual(`mail/${date}`, mailSource('weekly'), date, date, 150033n, { vat: 'excluded', kind: 'fee' });
    costs.push(mailing);
  }
  const salary = { kind: 'other', vat: 'none', scenario: 'cost-of-other-kind' } as const;
  costs.push(
    manual(
      'photo',
      mailSource('weekly'),
      shiftDate(period.endDate, -10),
      shiftDate(period.endDate, -10),
      1234500n,
      salary,
    ),
  );
}

/** Direct takes back fraudulent clicks of the last days: sums shrink, one row is gone, one campaign has a new name. */
function addCorrections(builder: Builder): void {
  const { period, costs, later } = builder;
  for (const daysBefore of [1, 2]) {
    const date = shiftDate(period.endDate, -daysBefore);
    for (const row of costs.filter((one) => one.route === 'direct' && one.date === date)) {
      const clicks = row.clicks - (row.clicks > 3 ? 2 : 0);
      const cost = row.cost - row.cost / 17n;
      later.push({ kind: 'cost', value: { ...row, clicks, cost, scenario: 'spend-corrected' } });
    }
  }
  const lastAd = at(at(at(directCampaigns, 0).adGroups, 0).ads, 1);
  later.push({ kind: 'cost-vanished', id: `direct/${shiftDate(period.endDate, -1)}/${lastAd}` });
  later.push({ kind: 'campaign-renamed', campaignId: renamedCampaign.id, name: renamedCampaign.name });
}

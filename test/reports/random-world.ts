import fc from 'fast-check';
import type { Marts } from './marts.ts';
import { utc } from './marts.ts';
import type { Cost, Deal, Lead, Payment, Touch, Visit, World } from './naive.ts';

/** Named so that a campaign's number has a newer name than its mark. */
const campaignNames: Readonly<Record<string, string>> = { '11': 'Winter', '12': 'Spring' };

const base = Date.UTC(2025, 11, 20);
const hour = 3_600_000;
/** Quarter hours over two months around January, so that ties and midnights are common. */
const instant = fc.integer({ min: 0, max: 60 * 24 * 4 }).map((quarters) => base + (quarters * hour) / 4);
const channel = fc.constantFrom('Direct', 'Paid Search', 'Organic Search', 'Referral');
const campaign = fc.constantFrom('', 'Winter', 'Spring', 'promo');
const device = fc.constantFrom('', 'mobile', 'desktop');
const kopecks = fc.integer({ min: 1, max: 1_000_001 }).map(BigInt);

/** How long before the conversion: the same instant, hours, whole days (the border of the window), and a little after it. */
const before = fc.oneof(
  fc.constant(0),
  fc.integer({ min: -8, max: 200 }).map((quarters) => (quarters * hour) / 4),
  fc.integer({ min: 0, max: 12 }).map((days) => days * 24 * hour),
);
const touch = fc.record({ before, channel, campaign, device });
const touches = fc.oneof(
  { weight: 1, arbitrary: fc.constant([]) },
  { weight: 4, arbitrary: fc.array(touch, { minLength: 2, maxLength: 6 }) },
);

/** Ids that do not follow the order of the instants, so that ties are decided by them alone. */
const touchesOf = (conversionAt: number, list: readonly RawTouch[]): Touch[] =>
  list.map(({ before: ms, ...item }, index) => ({
    ...item,
    at: conversionAt - ms,
    id: `t${(index * 7) % 10}${index}`,
  }));

type RawTouch = Omit<Touch, 'at' | 'id'> & { before: number };

const rawDeal = fc.record({
  client: fc.constantFrom('anna', 'boris', 'vera'),
  leadAt: instant,
  createdAfter: fc.integer({ min: 0, max: 10 }),
  group: fc.constantFrom<Deal['group'][]>('open', 'won', 'lost', 'excluded'),
  manager: fc.constantFrom('', 'ivan', 'olga'),
  amount: kopecks,
  cogs: fc.option(kopecks),
  same: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
  touches,
});

const rawPayment = fc.record({
  deal: fc.integer({ min: -1, max: 6 }),
  at: instant,
  amount: fc.oneof(
    kopecks,
    kopecks,
    kopecks.map((amount) => -amount),
  ),
  method: fc.constantFrom('', 'card', 'cash'),
});

const rawLead = fc.record({
  at: instant,
  deal: fc.integer({ min: -3, max: 5 }),
  duplicate: fc.integer({ min: 0, max: 4 }).map((number) => number === 0),
  touches,
});

const visit: fc.Arbitrary<Visit> = fc.record({
  at: instant,
  visitor: fc.integer({ min: 1, max: 5 }).map((number) => `00000000-0000-4000-8000-00000000000${number}`),
  channel,
  campaign,
  device,
  bot: fc.integer({ min: 0, max: 5 }).map((number) => number === 0),
});

const cost: fc.Arbitrary<Cost> = fc.record({
  date: fc.integer({ min: 0, max: 60 }).map((days) => new Date(base + days * 24 * hour).toISOString().slice(0, 10)),
  kind: fc.constantFrom<Cost['kind'][]>('media', 'fee', 'other'),
  channel: fc.constantFrom('Paid Search', 'Display'),
  campaign,
  amount: kopecks,
  clicks: fc.integer({ min: 0, max: 50 }),
});

/** Marks sales as the stages do: money received, numbered per person by the first payment. */
function markSales(deals: Deal[], payments: readonly Payment[]): void {
  for (const deal of deals) {
    const own = payments.filter(({ dealKey }) => dealKey === deal.key);
    const received = own.filter(({ amount }) => amount > 0n).map(({ at }) => at);
    deal.firstPaidAt = received.length > 0 ? Math.min(...received) : null;
    deal.isSale =
      deal.sameAs === '' && deal.group !== 'excluded' && own.reduce((sum, { amount }) => sum + amount, 0n) > 0n;
  }
  for (const client of new Set(deals.map((deal) => deal.client))) {
    const sales = deals
      .filter((deal) => deal.client === client && deal.isSale)
      .toSorted((left, right) => (left.firstPaidAt ?? 0) - (right.firstPaidAt ?? 0) || (left.key < right.key ? -1 : 1));
    for (const [index, deal] of sales.entries()) deal.saleNo = index + 1;
    for (const deal of deals.filter((other) => other.client === client)) {
      deal.firstSaleKey = sales[0]?.key ?? '';
      deal.firstSaleAt = sales[0]?.firstPaidAt ?? null;
    }
  }
}

const noSale = { isSale: false, saleNo: 0, firstPaidAt: null, firstSaleKey: '', firstSaleAt: null };

/** A random shop: small lists of values, so that everything meets everything. */
export const worlds: fc.Arbitrary<World> = fc
  .record({
    deals: fc.array(rawDeal, { minLength: 4, maxLength: 7 }),
    payments: fc.array(rawPayment, { minLength: 8, maxLength: 14 }),
    leads: fc.array(rawLead, { minLength: 3, maxLength: 8 }),
    visits: fc.array(visit, { minLength: 4, maxLength: 12 }),
    costs: fc.array(cost, { minLength: 3, maxLength: 8 }),
  })
  .map((raw): World => {
    const deals = raw.deals.map(({ createdAfter, same, ...deal }, index): Deal => {
      const createdAt = deal.leadAt + createdAfter * hour;
      const path = touchesOf(deal.leadAt, deal.touches);
      return { ...deal, ...noSale, touches: path, key: `crm:${index}`, createdAt, sameAs: same ? 'crm:other' : '' };
    });
    const payments = raw.payments.map(
      ({ deal, ...payment }): Payment => ({ ...payment, dealKey: deal < 0 ? '' : `crm:${deal}` }),
    );
    const leads = raw.leads.map(({ deal, ...lead }, index): Lead => {
      const known = deals[deal];
      const path = touchesOf(lead.at, lead.touches);
      return {
        ...lead,
        touches: path,
        id: `lead-${index}`,
        dealKey: known === undefined || known.sameAs !== '' ? '' : known.key,
      };
    });
    markSales(deals, payments);
    return { visits: raw.visits, costs: raw.costs, leads, deals, payments };
  });

/** Kopecks as a decimal text. */
function rubles(kopeckCount: bigint): string {
  const digits = (kopeckCount < 0n ? -kopeckCount : kopeckCount).toString().padStart(3, '0');
  return `${kopeckCount < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** A campaign with a number stands under an old name in the marks; its newest name comes from the ad platform. */
function marks(name: string) {
  const id = Object.entries(campaignNames).find(([, known]) => known === name)?.[0];
  return id === undefined ? { campaign: name } : { campaign: 'old name', campaign_id: id, platform: 'yandex-direct' };
}

const at = (ms: number | null): string | null => (ms === null ? null : utc(new Date(ms).toISOString()));

function pathRows(path: string, conversionAt: number, list: readonly Touch[]) {
  return list
    .filter((item) => item.at <= conversionAt)
    .map((item) => ({
      path_id: path,
      touched_at: at(item.at) ?? '',
      touch_id: item.id,
      conversion_at: at(conversionAt) ?? '',
      channel: item.channel,
      device: item.device,
      ...marks(item.campaign),
    }));
}

/** The same shop as rows of the marts. */
export function toMarts(world: World, project: string): Marts {
  const ofProject = <Row extends object>(rows: readonly Row[]) => rows.map((row) => ({ ...row, project }));
  return {
    visits: ofProject(
      world.visits.map((item) => ({
        started_at: at(item.at) ?? '',
        visitor_id: item.visitor,
        channel: item.channel,
        device: item.device,
        is_bot: item.bot,
        ...marks(item.campaign),
      })),
    ),
    costs: ofProject(
      world.costs.map((item) => ({
        date: item.date,
        kind: item.kind,
        channel: item.channel,
        cost_gross_base: rubles(item.amount),
        clicks: String(item.clicks),
        ...marks(item.campaign),
      })),
    ),
    leads: ofProject(
      world.leads.map((item) => ({
        lead_id: item.id,
        created_at: at(item.at) ?? '',
        deal_key: item.dealKey,
        path_id: item.dealKey === '' ? `lead:${item.id}` : `deal:${item.dealKey}`,
        duplicate_of: item.duplicate ? 'another' : '',
      })),
    ),
    deals: ofProject(
      world.deals.map((item) => ({
        deal_key: item.key,
        client_id: item.client,
        lead_at: at(item.leadAt) ?? '',
        created_at: at(item.createdAt) ?? '',
        status_group: item.group,
        manager: item.manager,
        amount_base: rubles(item.amount),
        cogs: item.cogs === null ? null : rubles(item.cogs),
        same_as: item.sameAs,
        is_sale: item.isSale,
        sale_no: item.saleNo,
        first_paid_at: at(item.firstPaidAt),
        sale_at: item.isSale ? at(item.firstPaidAt) : null,
        first_sale_path: item.firstSaleKey === '' ? '' : `deal:${item.firstSaleKey}`,
        first_sale_at: at(item.firstSaleAt),
      })),
    ),
    payments: ofProject(
      world.payments.map((item) => ({
        paid_at: at(item.at) ?? '',
        amount_base: rubles(item.amount),
        payment_method: item.method,
        deal_key: item.dealKey,
      })),
    ),
    deal_touches: ofProject([
      ...world.deals.flatMap((item) => pathRows(`deal:${item.key}`, item.leadAt, item.touches)),
      ...world.leads
        .filter((item) => item.dealKey === '')
        .flatMap((item) => pathRows(`lead:${item.id}`, item.at, item.touches)),
    ]),
    campaigns: ofProject(
      Object.entries(campaignNames).map(([id, name]) => ({
        platform: 'yandex-direct',
        campaign_id: id,
        campaign: name,
      })),
    ),
  };
}

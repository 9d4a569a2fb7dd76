import { directSource, entrance, mailSource, vkSource } from '../../simulator/campaigns.ts';
import type { CostRow, Deal, Payment, Request, State, TrueSource, Visit } from '../../simulator/model.ts';
import { moscowInstant } from '../../simulator/moscow.ts';
import { createRandom } from '../../simulator/random.ts';

const random = createRandom('by hand');
const sourceOf = (key: string): TrueSource => entrance(key).arrive(random).source;

export const sources = {
  vk: vkSource('lookalike_2'),
  mail: mailSource('weekly'),
  google: sourceOf('google-organic'),
  kettles: sourceOf('direct-kettles'),
  direct: directSource,
};

export function visit(id: string, personId: string, source: TrueSource, date: string, time: string): Visit {
  const startedAt = moscowInstant(date, time);
  const hit = {
    id: `${id}-1`,
    type: 'pageview' as const,
    at: startedAt,
    trackerVisit: id,
    url: '',
    referrer: '',
    title: '',
  };
  const device = { visitorId: `browser of ${personId}`, kind: 'desktop' as const, userAgent: '' };
  return { id, personId, device, startedAt, source, hits: [hit], landingPath: '/', isBot: false, deliveries: 1 };
}

export const request = (
  id: string,
  personId: string,
  date: string,
  time: string,
  formId: string | null = null,
): Request => ({
  id,
  kind: formId === null ? 'cart' : 'form',
  at: moscowInstant(date, time),
  formId,
  personId,
});

interface DealByHand {
  readonly id: string;
  readonly personId: string;
  readonly date: string;
  readonly time: string;
  readonly amount: bigint;
  readonly group: Deal['group'];
  readonly requestId?: string;
  readonly cogs?: bigint;
  readonly delivery?: bigint;
}

export const deal = (by: DealByHand): Deal => ({
  id: by.id,
  home: 'crm',
  oneC: 'odata',
  orderId: `A-${by.id}`,
  createdAt: moscowInstant(by.date, by.time),
  modifiedAt: moscowInstant(by.date, by.time),
  closedAt: null,
  amount: by.amount,
  group: by.group,
  stage: 'NEW',
  pipeline: 0,
  managerId: 11,
  lossReason: '',
  personId: by.personId,
  requestId: by.requestId ?? null,
  keys: {},
  crmLeadId: null,
  cogs: by.cogs ?? null,
  delivery: by.delivery ?? null,
  items: [],
});

export const payment = (id: string, dealId: string, date: string, amount: bigint): Payment => ({
  id,
  documentId: id,
  line: 1,
  number: id,
  route: 'odata',
  kind: 'bank',
  orderId: `A-${dealId}`,
  at: moscowInstant(date, '12:00'),
  amount,
  isPosted: true,
  isDeleted: false,
});

export function cost(
  id: string,
  source: TrueSource,
  date: string,
  kopecks: bigint,
  more: Partial<CostRow> = {},
): CostRow {
  return {
    id,
    route: 'ingest',
    date,
    toDate: date,
    platform: source.platform,
    channel: source.channel,
    source: source.source,
    medium: source.medium,
    campaignId: source.campaignId,
    campaign: source.campaign ?? '',
    adGroupId: null,
    adId: null,
    cost: kopecks,
    vat: 'included',
    kind: 'media',
    impressions: 0,
    clicks: 0,
    ...more,
  };
}

interface Books {
  readonly visits: readonly Visit[];
  readonly requests: readonly Request[];
  readonly deals: readonly Deal[];
  readonly payments: readonly Payment[];
  readonly costs: readonly CostRow[];
}

export const stateOf = (books: Books): State => ({
  people: new Map(),
  visits: new Map(books.visits.map((one) => [one.id, one])),
  requests: new Map(books.requests.map((one) => [one.id, one])),
  crmLeads: new Map(),
  deals: new Map(books.deals.map((one) => [one.id, one])),
  payments: new Map(books.payments.map((one) => [one.id, one])),
  costs: new Map(books.costs.map((one) => [one.id, one])),
  campaignNames: new Map([['70100102', 'Поиск / Чайники']]),
});

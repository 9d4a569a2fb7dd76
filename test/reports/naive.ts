/**
 * The metrics of METRICS.md computed once more, row by row and without any database, to be compared with the report. Slow and plain on
 * purpose. Money is whole kopecks, instants are milliseconds.
 */
export interface Touch {
  at: number;
  id: string;
  channel: string;
  campaign: string;
  device: string;
}
export interface Deal {
  key: string;
  client: string;
  leadAt: number;
  createdAt: number;
  group: 'open' | 'won' | 'lost' | 'excluded';
  manager: string;
  amount: bigint;
  cogs: bigint | null;
  sameAs: string;
  touches: Touch[];
  // From here on as the stages would write it.
  isSale: boolean;
  saleNo: number;
  firstPaidAt: number | null;
  firstSaleKey: string;
  firstSaleAt: number | null;
}
export interface Payment {
  dealKey: string;
  at: number;
  amount: bigint;
  method: string;
}
export interface Lead {
  id: string;
  at: number;
  dealKey: string;
  duplicate: boolean;
  touches: Touch[];
}
export interface Visit {
  at: number;
  visitor: string;
  channel: string;
  campaign: string;
  device: string;
  bot: boolean;
}
export interface Cost {
  date: string;
  kind: 'media' | 'fee' | 'other';
  channel: string;
  campaign: string;
  amount: bigint;
  clicks: number;
}
export interface World {
  visits: Visit[];
  costs: Cost[];
  leads: Lead[];
  deals: Deal[];
  payments: Payment[];
}
export type Basis = 'touch' | 'lead' | 'deal' | 'payment';
export interface Question {
  from: string;
  to: string;
  timezone: string;
  basis: Basis;
  model: string;
  windowDays: number;
  dimensions: readonly string[];
  horizonDays: number;
  now: number;
}

const billion = 1_000_000_000n;
const dayMs = 86_400_000;

const dayFormats = new Map<string, Intl.DateTimeFormat>();

export function localDay(ms: number, timeZone: string): string {
  const format = dayFormats.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone });
  dayFormats.set(timeZone, format);
  return format.format(ms);
}

const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / dayMs;

const isoWeekday = (day: string): string => String(((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1);

/** Touches of the window in order, direct ones dropped when the model says so and a known one is there. */
function pathOf(touches: readonly Touch[], conversionAt: number, question: Question): Touch[] {
  const conversionDay = localDay(conversionAt, question.timezone);
  const seen = touches
    .filter((touch) => touch.at <= conversionAt)
    .filter((touch) => daysBetween(localDay(touch.at, question.timezone), conversionDay) <= question.windowDays)
    .toSorted((left, right) => left.at - right.at || (left.id < right.id ? -1 : 1));
  const known = seen.filter((touch) => touch.channel !== 'Direct');
  return question.model !== 'last' && known.length > 0 ? known : seen;
}

function shareOf(model: string, index: number, path: readonly Touch[]): bigint {
  const count = path.length;
  const edge = index === 0 || index === count - 1;
  switch (model) {
    case 'first':
      return index === 0 ? 1n : 0n;
    case 'linear':
      return 1n;
    case 'position':
      return count > 2 && edge ? BigInt(2 * (count - 2)) : 1n;
    case 'time_decay': {
      const age = (path[count - 1]?.at ?? 0) - (path[index]?.at ?? 0);
      return BigInt(Math.round(1e9 * 2 ** (-age / (7 * dayMs))));
    }
    default:
      return index === count - 1 ? 1n : 0n;
  }
}

interface Credit {
  touch: Touch | null;
  share: bigint;
}

function creditsOf(touches: readonly Touch[], conversionAt: number, question: Question): Credit[] {
  const path = pathOf(touches, conversionAt, question);
  const credits = path
    .map((touch, index) => ({ touch, share: shareOf(question.model, index, path) }))
    .filter((credit) => credit.share > 0n);
  return credits.length > 0 ? credits : [{ touch: null, share: 1n }];
}

/** Parts of a whole number by the shares, each cut toward zero, the rest to the last. */
function split(amount: bigint, credits: readonly Credit[]): bigint[] {
  const total = credits.reduce((sum, credit) => sum + credit.share, 0n);
  const parts = credits.map((credit) => (amount * credit.share) / total);
  const rest = amount - parts.slice(0, -1).reduce((sum, part) => sum + part, 0n);
  return [...parts.slice(0, -1), rest];
}

export type Sums = Map<string, bigint>;
/** Sums by the values of the dimensions, `''` for none, as a JSON array. */
export type Table = Map<string, Sums>;

export class Answer {
  readonly rows: Table = new Map();
  readonly visitors = new Map<string, Set<string>>();
  readonly buyers = new Map<string, Map<string, Set<string>>>();

  add(key: string, metric: string, value: bigint): void {
    const row = this.rows.get(key) ?? new Map<string, bigint>();
    row.set(metric, (row.get(metric) ?? 0n) + value);
    this.rows.set(key, row);
  }
}

type Values = Readonly<Record<string, string>>;

const keyOf = (values: Values, question: Question): string =>
  JSON.stringify(question.dimensions.map((dimension) => values[dimension] ?? ''));

const inPeriod = (day: string, question: Question): boolean => day >= question.from && day <= question.to;

const touchValues = (touch: Touch | null): Values =>
  touch === null ? { channel: 'No visit' } : { channel: touch.channel, campaign: touch.campaign, device: touch.device };

function dealValues(deal: Deal | undefined): Values {
  if (deal === undefined) return {};
  const type = deal.saleNo === 0 ? '' : deal.saleNo === 1 ? 'new' : 'returning';
  return { manager: deal.manager, status_group: deal.group, client_type: type };
}

/** Puts one credited thing into the rows of its touches: counts weighed in billionths, money split in kopecks. */
function credit(
  answer: Answer,
  question: Question,
  thing: {
    credits: readonly Credit[];
    at: number | null;
    own: Values;
    counts: Values;
    money: Readonly<Record<string, bigint>>;
  },
  each: (key: string) => void = () => {},
): void {
  const weights = split(billion, thing.credits);
  const money = Object.entries(thing.money).map(([metric, amount]) => [metric, split(amount, thing.credits)] as const);
  for (const [index, { touch }] of thing.credits.entries()) {
    const at = question.basis === 'touch' && touch !== null ? touch.at : thing.at;
    if (at === null) continue;
    const day = localDay(at, question.timezone);
    if (!inPeriod(day, question)) continue;
    const key = keyOf({ ...thing.own, ...touchValues(touch), weekday: isoWeekday(day) }, question);
    for (const [metric, times] of Object.entries(thing.counts)) {
      answer.add(key, metric, (weights[index] ?? 0n) * BigInt(times));
    }
    for (const [metric, parts] of money) answer.add(key, metric, parts[index] ?? 0n);
    each(key);
  }
}

function dealDate(deal: Deal, basis: Basis): number | null {
  if (basis === 'deal') return deal.createdAt;
  return basis === 'payment' ? deal.firstPaidAt : deal.leadAt;
}

function dealCounts(deal: Deal): Values {
  return {
    ...(deal.group === 'excluded' ? {} : { deals: '1' }),
    ...(deal.isSale ? { sales: '1' } : {}),
    ...(deal.isSale && deal.saleNo === 1 ? { new_clients: '1' } : {}),
  };
}

function dealMoney(deal: Deal, world: World, question: Question): Readonly<Record<string, bigint>> {
  return {
    ...(deal.group === 'won' ? { deal_amount: deal.amount } : {}),
    ...(deal.isSale ? { cogs: deal.cogs ?? 0n } : {}),
    ...(deal.isSale && deal.saleNo === 1 ? { cohort_revenue: cohortRevenue(deal, world, question) } : {}),
  };
}

function addDeals(answer: Answer, world: World, question: Question): void {
  for (const deal of world.deals.filter(({ sameAs }) => sameAs === '')) {
    const thing = {
      credits: creditsOf(deal.touches, deal.leadAt, question),
      at: dealDate(deal, question.basis),
      own: dealValues(deal),
      counts: dealCounts(deal),
      money: dealMoney(deal, world, question),
    };
    credit(answer, question, thing, (key) => {
      if (!deal.isSale) return;
      const buyers = answer.buyers.get(key) ?? new Map<string, Set<string>>();
      buyers.set(deal.client, (buyers.get(deal.client) ?? new Set()).add(deal.key));
      answer.buyers.set(key, buyers);
    });
  }
}

function cohortRevenue(first: Deal, world: World, question: Question): bigint {
  const until = (first.firstSaleAt ?? 0) + question.horizonDays * dayMs;
  const keys = new Set(
    world.deals.filter((deal) => deal.isSale && deal.firstSaleKey === first.key).map((deal) => deal.key),
  );
  return world.payments
    .filter(({ dealKey, at }) => keys.has(dealKey) && at <= until)
    .reduce((sum, { amount }) => sum + amount, 0n);
}

function addPayments(answer: Answer, world: World, question: Question): void {
  for (const payment of world.payments) {
    const deal = world.deals.find(({ key, sameAs }) => key === payment.dealKey && sameAs === '');
    if (deal?.group === 'excluded') continue;
    const ofDeal = deal === undefined ? payment.at : question.basis === 'deal' ? deal.createdAt : deal.leadAt;
    const at = question.basis === 'payment' ? payment.at : ofDeal;
    const money: Record<string, bigint> =
      payment.amount > 0n ? { paid: payment.amount } : { refunded: -payment.amount };
    const credits = deal === undefined ? [{ touch: null, share: 1n }] : creditsOf(deal.touches, deal.leadAt, question);
    const own = { ...dealValues(deal), payment_method: payment.method };
    credit(answer, question, { credits, at, own, counts: {}, money });
  }
}

function addLeads(answer: Answer, world: World, question: Question): void {
  for (const lead of world.leads.filter(({ duplicate }) => !duplicate)) {
    const deal = world.deals.find(({ key, sameAs }) => key === lead.dealKey && sameAs === '');
    const touches = deal === undefined ? lead.touches : deal.touches;
    const credits = creditsOf(touches, deal === undefined ? lead.at : deal.leadAt, question);
    credit(answer, question, { credits, at: lead.at, own: dealValues(deal), counts: { leads: '1' }, money: {} });
  }
}

function addVisits(answer: Answer, world: World, question: Question): void {
  for (const visit of world.visits.filter(({ bot }) => !bot)) {
    const day = localDay(visit.at, question.timezone);
    if (!inPeriod(day, question)) continue;
    const { channel, campaign, device } = visit;
    const key = keyOf({ channel, campaign, device, weekday: isoWeekday(day) }, question);
    answer.add(key, 'visits', 1n);
    answer.visitors.set(key, (answer.visitors.get(key) ?? new Set()).add(visit.visitor));
  }
}

function addCosts(answer: Answer, world: World, question: Question): void {
  for (const cost of world.costs.filter(({ date }) => inPeriod(date, question))) {
    const { channel, campaign } = cost;
    const key = keyOf({ channel, campaign, weekday: isoWeekday(cost.date) }, question);
    answer.add(key, 'clicks', BigInt(cost.clicks));
    if (cost.kind !== 'other') answer.add(key, 'ad_cost', cost.amount);
  }
}

export function answer(world: World, question: Question): Answer {
  const result = new Answer();
  addVisits(result, world, question);
  addCosts(result, world, question);
  addLeads(result, world, question);
  addDeals(result, world, question);
  addPayments(result, world, question);
  return result;
}

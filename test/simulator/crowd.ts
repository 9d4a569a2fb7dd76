import type { Builder } from './builder.ts';
import { entrances } from './campaigns.ts';
import { products, toItem } from './catalogue.ts';
import type { Deal, Device, Item, Person, StatusGroup } from './model.ts';
import { dayMs, hourMs, minuteMs, moscowInstant, shiftDate } from './moscow.ts';
import { checkout, requestByForm } from './scenarios/plans.ts';

// The shop's day: hardly anybody at night, most in the evening.
const hours: readonly (readonly [number, number])[] = [
  1, 0.5, 0.3, 0.3, 0.4, 0.8, 2, 3, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 8, 8, 7, 5, 3,
].map((weight, hour) => [hour, weight] as const);

const buyerEntrances = entrances.map((entrance) => [entrance.key, entrance.buyerWeight] as const);
const crowdEntrances = entrances.map((entrance) => [entrance.key, entrance.crowdWeight] as const);

/** Fills the days with `visits` ordinary visits and `deals` ordinary deals beside the scenarios. */
export function addCrowd(builder: Builder, wanted: { visits: number; deals: number }): void {
  for (let number = 0; number < wanted.deals; number++) addBuyer(builder, momentOf(builder, number, wanted.deals));
  while (builder.visits.length < wanted.visits) addVisitor(builder);
}

/** Moments spread over the whole period with the shop's daily rhythm. */
function momentOf(builder: Builder, number: number, count: number): number {
  const { random, period } = builder;
  const day = Math.floor(((number + random.next()) * period.days) / count);
  return rhythm(builder, day);
}

function rhythm(builder: Builder, day: number): number {
  const { random, period } = builder;
  const hour = random.weighted(hours);
  const date = shiftDate(period.startDate, Math.min(day, period.days - 1));
  const ms = moscowInstant(date) + hour * hourMs + random.int(0, hourMs - 1);
  // A whole checkout must fit before the end of the world.
  return Math.min(ms, period.lastMs - 45 * minuteMs - random.int(0, hourMs));
}

function addVisitor(builder: Builder): void {
  const { random, period } = builder;
  const person = builder.person();
  const device = builder.device(person);
  const count = random.weighted([
    [1, 78],
    [2, 15],
    [3, 7],
  ]);
  let at = rhythm(builder, random.int(0, period.days - 1));
  for (let number = 0; number < count && at < period.lastMs - 45 * minuteMs; number++) {
    browse(builder, person, device, at);
    at += random.int(20 * hourMs, 9 * dayMs);
  }
}

function browse(builder: Builder, person: Person, device: Device, at: number): void {
  const { random } = builder;
  const product = random.pick(products);
  const path = random.chance(0.45) ? `/p/${product.id}/` : '/';
  const title = path === '/' ? 'Северный дом' : product.name;
  const journey = builder.visit({ person, device, arrival: random.weighted(crowdEntrances), at, path, title });
  const pages = random.weighted([
    [0, 42],
    [1, 24],
    [2, 17],
    [3, 11],
    [4, 6],
  ]);
  for (let page = 0; page < pages; page++) {
    const next = random.pick(products);
    journey.page(`/p/${next.id}/`, next.name);
  }
  if (random.chance(0.09)) journey.cart([toItem(product, 1)]);
  if (random.chance(0.015)) {
    journey.submit('callback');
    builder.request('form', journey.now(), person, 'callback');
  }
}

function addBuyer(builder: Builder, at: number): void {
  const { random } = builder;
  const person = builder.person();
  const device = builder.device(person);
  const way = random.weighted([
    ['checkout', 58],
    ['form', 26],
    ['call', 9],
    ['phone', 7],
  ] as const);
  if (way === 'phone') {
    settle(builder, orderByPhone(builder, person, at));
    return;
  }
  addEarlierVisits(builder, person, device, at);
  if (way === 'call') {
    settle(builder, orderByCall(builder, person, device, at));
    return;
  }
  buy(builder, person, device, at, way);
  if (way === 'checkout' && random.chance(0.2)) {
    const again = at + random.int(12 * dayMs, 40 * dayMs);
    if (again < builder.period.lastMs - 2 * hourMs) buy(builder, person, device, again, 'checkout');
  }
}

function addEarlierVisits(builder: Builder, person: Person, device: Device, at: number): void {
  const { random, startMs } = builder;
  const count = random.weighted([
    [0, 45],
    [1, 25],
    [2, 15],
    [3, 10],
    [4, 5],
  ]);
  let moment = at;
  for (let number = 0; number < count; number++) {
    moment -= random.int(5 * hourMs, 8 * dayMs);
    if (moment < startMs) return;
    const isOther = random.chance(0.15);
    const used = isOther ? otherDevice(builder, person) : device;
    const journey = builder.visit({ person, device: used, arrival: random.weighted(buyerEntrances), at: moment });
    journey.page('/catalog/', 'Каталог');
    if (isOther) journey.identify({ email: person.email });
  }
}

const otherDevice = (builder: Builder, person: Person): Device => person.devices[1] ?? builder.device(person);

function basket(builder: Builder): Item[] {
  const { random } = builder;
  const count = random.weighted([
    [1, 70],
    [2, 22],
    [3, 8],
  ]);
  const chosen = new Map(
    Array.from({ length: count }, () => random.pick(products)).map((product) => [product.id, product]),
  );
  return [...chosen.values()].map((product) =>
    toItem(
      product,
      random.weighted([
        [1, 85],
        [2, 15],
      ]),
    ),
  );
}

function fate(builder: Builder, at: number): { group: StatusGroup; closedAt?: number } {
  const { random, period } = builder;
  const closedAt = at + random.int(dayMs, 8 * dayMs);
  if (closedAt > period.lastMs) return { group: 'open' };
  const group = random.weighted([
    ['won', 74],
    ['lost', 19],
    ['open', 7],
  ] as const);
  return group === 'open' ? { group } : { group, closedAt };
}

function buy(builder: Builder, person: Person, device: Device, at: number, way: 'checkout' | 'form'): void {
  const { random } = builder;
  const end = fate(builder, at + hourMs);
  const oneC =
    end.group === 'lost'
      ? null
      : random.weighted([
          ['odata', 6],
          ['exchange', 4],
        ] as const);
  const plan = {
    person,
    device,
    arrival: random.weighted(buyerEntrances),
    at,
    items: basket(builder),
    oneC,
    hasCogs: random.chance(0.92),
    ...end,
  };
  settle(builder, way === 'checkout' ? checkout(builder, plan).deal : requestByForm(builder, plan).deal);
}

function orderByPhone(builder: Builder, person: Person, at: number): Deal {
  const end = fate(builder, at);
  return builder.deal({
    person,
    at,
    items: basket(builder),
    keys: { phone: person.phone },
    request: null,
    orderId: builder.nextOrder(),
    oneC: end.group === 'lost' ? null : 'odata',
    ...end,
  });
}

function orderByCall(builder: Builder, person: Person, device: Device, at: number): Deal {
  const { random, period } = builder;
  const journey = builder.visit({ person, device, arrival: random.weighted(buyerEntrances), at });
  journey.page('/contacts/', 'Контакты').identify({ phone: person.phone });
  const called = Math.min(journey.now() + random.int(5 * minuteMs, 6 * hourMs), period.lastMs);
  const { lead, request } = builder.crmLead(person, called, true);
  const agreed = Math.min(called + random.int(minuteMs, 30 * hourMs), period.lastMs + minuteMs);
  const end = fate(builder, agreed);
  return builder.deal({
    person,
    at: agreed,
    items: basket(builder),
    keys: { phone: person.phone },
    request,
    crmLeadId: lead.id,
    orderId: builder.nextOrder(),
    oneC: end.group === 'lost' ? null : 'exchange',
    ...end,
  });
}

/** The money of an ordinary deal: all at once or in two parts, sometimes some of it back. */
function settle(builder: Builder, deal: Deal): void {
  const { random, period } = builder;
  const isPaid = deal.group === 'won' || (deal.group === 'open' && random.chance(0.35));
  const paidAt =
    deal.createdAt +
    random.weighted([
      [2 * minuteMs, 5],
      [5 * hourMs, 3],
      [30 * hourMs, 2],
    ]) +
    random.int(0, hourMs);
  if (!isPaid || paidAt > period.lastMs) return;
  const restAt = paidAt + random.int(dayMs, 3 * dayMs);
  const isSplit = random.chance(0.08) && restAt < period.lastMs;
  const first = isSplit ? (deal.amount * 3n) / 10n : deal.amount;
  builder.pay(deal, { at: paidAt, amount: first });
  if (isSplit) builder.pay(deal, { at: restAt, amount: deal.amount - first });
  const backAt = restAt + random.int(dayMs, 9 * dayMs);
  if (random.chance(0.05) && backAt < period.lastMs) {
    const back = random.chance(0.5) ? deal.amount : deal.amount / 3n;
    builder.pay(deal, { at: backAt, amount: -back, kind: 'bank' });
  }
}

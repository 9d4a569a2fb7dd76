import fc from 'fast-check';
import { encodeVisitCode } from '../../../domain/visit-code.ts';
import { type EventSketch, type Loose, record } from './raw.ts';

/** A small shop's history: everything that ever came, and the same cut into pieces in another order with repetitions. */
export interface World {
  readonly events: readonly EventSketch[];
  readonly records: readonly Loose[];
  readonly pieces: readonly { readonly events: readonly EventSketch[]; readonly records: readonly Loose[] }[];
}

const few = <Value>(...values: readonly Value[]) => fc.constantFrom(...values);
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

const minute = fc.integer({ min: 0, max: 60 * 24 * 12 });
const at = (minutes: number): string => new Date(Date.UTC(2026, 1, 25) + minutes * 60_000).toISOString();
const sqlAt = (minutes: number): string => at(minutes).replace('T', ' ').replace('Z', '');

const who = few('anna', 'boris', 'clara', 'dora', 'egor', 'fedor');
const phone = few('+79000000001', '+79000000002', '+79000000003', '+79000000004', '+79000000005', '+79000000006');
const order = few('A-1', 'A-2', 'A-3', 'A-4', 'A-5', 'A-6', '0', '0');
const code = few(1, 2, 3, 4, 5, 6).map((counter) => encodeVisitCode(counter));
const dealId = few('1', '2', '3', '4', '5', '6', '7', '8');
const amount = few('100', '250.55', '-100', '0.01', '1000');

/** Each event of somebody who refused has a visitor of its own; without a cookie strangers have one together. */
function visitorOf(consent: string, by: string, id: number): string {
  if (consent === 'denied') return `refused ${id}`;
  return consent === 'cookieless' ? `cookieless ${id % 2}` : by;
}

const event: fc.Arbitrary<EventSketch> = fc
  .record({
    who,
    minutes: minute,
    type: few('pageview', 'pageview', 'form_submit', 'purchase', 'engagement'),
    url: few(
      'https://shop.example/',
      'https://shop.example/?utm_source=yandex&utm_medium=cpc&utm_campaign=11&yclid=1',
      'https://shop.example/?utm_source=vk&utm_medium=social',
    ),
    referrer: few('', '', 'https://google.com/', 'https://shop.example/', 'https://yookassa.ru/'),
    id: fc.integer({ min: 1, max: 80 }),
    form_id: few('callback', 'order'),
    order_id: order,
    phone_hash: few('', '', '', '', 'p1', 'p2', 'p3', 'p4'),
    visit_code: few(0, 0, 0, 0, ...[1, 2, 3, 4].map((counter) => Number(encodeVisitCode(counter)))),
    ym_client_id: few('', '', '', '', 'ym1', 'ym2', 'undefined', 'undefined'),
    user_agent: few(undefined, undefined, undefined, 'Googlebot/2.1'),
    client_hints: few('', '', '{"platform":"\\"Windows\\"","platform-version":"\\"15.0.0\\""}'),
    ip: few('127.0.0.0', '51.250.0.0', '95.165.0.0'),
    consent: few('', '', '', 'denied', 'cookieless'),
  })
  .map(({ who: by, minutes, type, url, referrer, id, user_agent, consent, ...more }) => ({
    who: visitorOf(consent, by, id),
    at: sqlAt(minutes),
    type,
    url,
    referrer,
    id: `event ${id}`,
    more: { consent, ...(consent === 'denied' ? {} : more), ...(user_agent === undefined ? {} : { user_agent }) },
  }));

const client = fc.record({ id: maybe(few('c1', 'c2', 'c3', 'c4')), phone: maybe(phone) }, { requiredKeys: [] });
const version = fc.integer({ min: 0, max: 5 });
const fetched = (number: number): string => at(60 * 24 * (20 + number));

const changing = (entity: Loose['entity'], row: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<Loose> =>
  fc
    .tuple(row, version, few(false, false, false, true))
    .map(([fields, number, deleted]) =>
      record(entity, { ...withoutGaps(fields), ...(deleted ? { deleted } : {}) }, fetched(number)),
    );

const withoutGaps = (row: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));

const deal = changing(
  'deal',
  fc.record({
    source: few('crm', '1c'),
    id: dealId,
    created_at: minute.map(at),
    amount,
    status: few('open', 'won', 'excluded'),
    order_id: maybe(order),
    visit_code: maybe(code),
    client: maybe(client),
    lead_id: maybe(few('l1', 'l2', 'l3', 'l4')),
    merged_into: maybe(few('1', '2', '3', '4')),
    items: maybe(fc.array(fc.record({ product_id: few('s1', 's2'), price: amount }), { maxLength: 2 })),
  }),
).map((loose) => ({
  ...loose,
  row: { ...loose.row, role: loose.row.source === 'crm' ? 'crm' : 'accounting' },
}));

const payment = changing(
  'payment',
  fc.record({
    source: fc.constant('1c'),
    id: few('p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7', 'p8'),
    deal_id: maybe(dealId),
    deal_source: few('crm', '1c'),
    order_id: maybe(order),
    paid_at: minute.map(at),
    amount,
    cancelled: maybe(fc.constant(true)),
  }),
);

const impliedPayment = changing(
  'payment',
  fc.record({ dealId, paid_at: minute.map(at), amount: maybe(amount) }).map(({ dealId: deal_id, ...told }) => ({
    source: '1c',
    id: `${deal_id}:paid`,
    deal_id,
    ...told,
    implied: true,
  })),
);

const lead = changing(
  'lead',
  fc.record({
    source: few('crm', 'crm', 'calls'),
    id: few('l1', 'l2', 'l3', 'l4', 'l5', 'l6'),
    created_at: minute.map(at),
    kind: few('form', 'call', 'cart', 'crm', 'crm'),
    client: maybe(client),
    deal_id: maybe(dealId),
    order_id: maybe(order),
    visit_code: maybe(code),
    duplicate_of: maybe(few('l1', 'l2', 'l3', 'l4', 'l5', 'l6')),
  }),
);

const contact = changing(
  'client',
  fc.record({ source: fc.constant('crm'), id: few('c1', 'c2', 'c3', 'c4'), phones: fc.array(phone, { maxLength: 2 }) }),
);

const cost = changing(
  'cost',
  fc.record({
    source: fc.constant('direct'),
    id: few('k1', 'k2', 'k3', 'k4'),
    platform: fc.constant('yandex-direct'),
    date: few('2026-02-27', '2026-03-01'),
    to_date: maybe(few('2026-03-03')),
    campaign_id: few('11', '12', '13'),
    campaign: maybe(few('Spring', 'Summer', 'Autumn')),
    cost: amount,
    vat: few('included', 'excluded', 'none'),
  }),
);

const touch = changing(
  'touch',
  fc.record({
    source: fc.constant('calls'),
    id: few('t1', 't2', 't3', 't4'),
    at: minute.map(at),
    kind: few('call', 'chat'),
    client,
  }),
);

const stage = changing(
  'stage',
  fc.record({
    source: few('crm', '1c'),
    id: few('h1', 'h2', 'h3', 'h4', 'h5', 'h6'),
    deal_id: dealId,
    entered_at: minute.map(at),
    stage: few('new', 'done', ''),
    status: few('open', 'won', 'lost'),
    tells_deal: maybe(fc.constant(true)),
  }),
);

const records = fc
  .tuple(
    fc.array(deal, { minLength: 8, maxLength: 16, size: 'max' }),
    fc.array(fc.oneof(payment, payment, impliedPayment), { minLength: 6, maxLength: 16, size: 'max' }),
    fc.array(lead, { minLength: 3, maxLength: 8, size: 'max' }),
    fc.array(contact, { minLength: 2, maxLength: 6, size: 'max' }),
    fc.array(fc.oneof(cost, touch, stage, stage), { minLength: 6, maxLength: 16, size: 'max' }),
  )
  .map((parts) => parts.flat());

type Arrival = { readonly event: EventSketch } | { readonly record: Loose };

/** Everything once in an order drawn by chance and some of it twice, cut into three pieces. */
const cut = (all: readonly Arrival[]): fc.Arbitrary<readonly Arrival[][]> =>
  fc
    .tuple(
      fc.shuffledSubarray([...all], { minLength: all.length }),
      fc.shuffledSubarray([...all], { minLength: 5, maxLength: 10 }),
    )
    .map(([once, again]) => {
      const third = Math.ceil((once.length + again.length) / 3);
      const arrivals = [...once, ...again];
      return [arrivals.slice(0, third), arrivals.slice(third, 2 * third), arrivals.slice(2 * third)];
    });

const sorted = (piece: readonly Arrival[]) => ({
  events: piece.flatMap((arrival) => ('event' in arrival ? [arrival.event] : [])),
  records: piece.flatMap((arrival) => ('record' in arrival ? [arrival.record] : [])),
});

export const worlds: fc.Arbitrary<World> = fc
  .tuple(fc.array(event, { minLength: 5, maxLength: 30 }), records)
  .chain(([events, changes]) => {
    const all: Arrival[] = [...events.map((one) => ({ event: one })), ...changes.map((one) => ({ record: one }))];
    return cut(all).map((pieces) => ({ events, records: changes, pieces: pieces.map(sorted) }));
  });

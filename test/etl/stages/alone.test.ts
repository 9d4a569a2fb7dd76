import { expect, test } from 'vitest';
import { martsOf } from './marts.ts';
import { type EventSketch, hasher, type Loose, record } from './raw.ts';
import { type Shop, useShops } from './shop.ts';

const openShop = useShops();

const phone = '+79000000001';
const day = (number: number): string => `2026-03-${String(number).padStart(2, '0')}T10:00:00.000Z`;
const at = { created_at: day(5) };
const order = { source: 'onec', role: 'accounting', id: '500', order_id: 'A-1', amount: '1000', status: 'open', ...at };
const deal = { source: 'crm', id: '1', order_id: 'A-1', amount: '900', status: 'open', client: { id: 'c1' }, ...at };
const lead = { source: 'crm', id: 'l1', kind: 'crm', client: { phone }, created_at: day(4) };
const card = { source: 'crm', id: 'c1', phones: [phone] };
const paid = { source: 'crm', id: 'p1', deal_id: '1', paid_at: day(6), amount: '10' };
const dollars = { source: 'shop', id: 'p2', paid_at: day(6), amount: '5', currency: 'USD' };
const document = { source: 'onec', id: 'p3', deal_id: '500', paid_at: day(7), amount: '400' };

const browser = (minutes: string, more: Partial<EventSketch> = {}): EventSketch => ({
  who: 'anna',
  at: `2026-03-04 ${minutes}:00.000`,
  id: `at ${minutes}`,
  ...more,
});

type Arrival = Loose | EventSketch;

/** What each stage must find by itself when nothing else arrives: money before its deal, a deal that others wait for, a browser that tells who it is. */
const appearing: readonly Arrival[] = [
  record('payment', { source: 'onec', id: '500:paid', deal_id: '500', paid_at: day(6), implied: true }, day(6)),
  record('payment', paid, day(6)),
  record(
    'stage',
    { source: 'onec', id: 's1', deal_id: '500', entered_at: day(8), stage: 'F', status: 'won', tells_deal: true },
    day(8),
  ),
  record('lead', lead, day(4)),
  record('touch', { source: 'calls', id: 't1', at: day(3), kind: 'call', client: { phone } }, day(3)),
  record('client', card, day(4)),
  record('deal', deal, day(5)),
  record('deal', order, day(5)),
  browser('09:00', { url: 'https://shop.example/?utm_source=yandex&utm_medium=cpc' }),
  browser('09:50', { type: 'form_submit', more: { form_id: 'callback', phone_hash: hasher.phone(phone) } }),
  browser('09:25', { type: 'engagement' }),
  record('payment', dollars, day(6)),
  record('payment', { ...dollars, currency: 'RUB' }, day(7)),
  record('payment', document, day(7)),
];

/** What each stage must take back by itself. */
const vanishing: readonly Arrival[] = [
  record('payment', { ...document, cancelled: true }, day(9)),
  record('payment', { ...paid, deleted: true }, day(9)),
  record(
    'stage',
    { source: 'onec', id: 's1', deal_id: '500', entered_at: day(8), stage: 'F', status: 'won', deleted: true },
    day(9),
  ),
  record('client', { ...card, deleted: true }, day(9)),
  record('lead', { ...lead, deleted: true }, day(9)),
  record('deal', { ...deal, deleted: true }, day(9)),
  record('deal', { ...order, deleted: true }, day(9)),
];

async function load(shop: Shop, arrivals: readonly Arrival[]): Promise<void> {
  for (const one of arrivals) await ('entity' in one ? shop.records(one) : shop.events(one));
}

async function told(shop: Shop): Promise<object> {
  return { ...(await martsOf(shop)), refused: await shop.mart('rejected', 'reason, place') };
}

async function toldAtOnce(arrivals: readonly Arrival[]): Promise<object> {
  const shop = openShop();
  await load(shop, arrivals);
  await shop.settle();
  return told(shop);
}

test('what arrives with nothing else beside it counts as it does among all the rest', async () => {
  const shop = openShop();
  for (const [news, known] of [
    [appearing, appearing],
    [vanishing, [...appearing, ...vanishing]],
  ] as const) {
    for (const one of news) {
      await load(shop, [one]);
      await shop.settle();
    }
    expect(await told(shop)).toEqual(await toldAtOnce(known));
  }
}, 300_000);

import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { checkEvent } from '../../../collector/collect/check-event.ts';
import { toEventLine } from '../../../collector/collect/to-event-line.ts';
import { encodeVisitCode } from '../../../domain/visit-code.ts';
import { clientIdOf } from '../../../etl/stages/identify.ts';
import { hasher, record, uuid } from './raw.ts';
import { type OwnShop, useScenarios } from './scenarios.ts';

const scenario = useScenarios();
const phone = '+79000000001';
const phoneHash = hasher.phone(phone);
const ad = 'https://shop.example/?utm_source=yandex&utm_medium=cpc';

const deal = (id: string, more: Record<string, unknown> = {}, fetchedAt?: string) =>
  record(
    'deal',
    { source: 'crm', id, created_at: '2026-03-05T10:00:00Z', amount: 100, status: 'open', ...more },
    fetchedAt,
  );
const visit = (who: string, more: Record<string, unknown> = {}, day = '01') => ({
  who,
  at: `2026-03-${day} 10:00:00.000`,
  url: ad,
  more,
});
const matches = (shop: OwnShop) => shop.mart('deals', 'deal_id, matched_by', 'deal_id');
const pathOf = async (shop: OwnShop, id: string) => {
  const touches = await shop.mart<{ path_id: string; touch_id: string }>(
    'deal_touches',
    'path_id, touch_id',
    'position',
  );
  return touches.flatMap(({ path_id, touch_id }) => (path_id === `deal:crm:${id}` ? [{ touch_id }] : []));
};

scenario('a phone joins two devices of a person', async (shop) => {
  await shop.events(visit('laptop', { phone_hash: phoneHash }), visit('mobile', { phone_hash: phoneHash }, '02'));
  await shop.records(deal('1', { client: { phone: '8 (900) 000-00-01' } }));
  await shop.settle();
  expect(await matches(shop)).toEqual([{ deal_id: '1', matched_by: 'phone' }]);
  expect(await pathOf(shop, '1')).toHaveLength(2);
});

scenario('contacts that a robot types join nobody', async (shop) => {
  const robot = { phone_hash: phoneHash, email_hash: hasher.email('anna@shop.example'), user_agent: 'Googlebot/2.1' };
  await shop.events(visit('laptop', { phone_hash: phoneHash }), visit('robot', robot, '02'));
  await shop.records(deal('1', { client: { email: 'anna@shop.example' } }), deal('2', { client: { phone } }));
  await shop.settle();
  expect(await matches(shop)).toEqual([
    { deal_id: '1', matched_by: 'none' },
    { deal_id: '2', matched_by: 'phone' },
  ]);
  expect(await pathOf(shop, '2')).toHaveLength(1);
});

scenario('a phone typed in the CRM and hashed in the browser are of one person', async (shop) => {
  const digest = createHash('sha256').update(phone).digest('hex');
  const sent = checkEvent(
    { id: uuid('hashed'), type: 'form_submit', ts: Date.parse('2026-03-01T10:00:00Z'), user: { phone_hash: digest } },
    'history',
    Date.parse('2026-03-01T10:00:00Z'),
  );
  if (!sent.ok) throw new Error(sent.problem.detail);
  const known = {
    project: shop.project,
    site: 'demo',
    address: '',
    userAgent: '',
    channelIn: 'collect',
    hasher,
  } as const;
  const line = toEventLine(sent.value, { ...known, visitor: uuid('laptop'), receivedAtMs: sent.value.ts }, '', '0');
  const { phone_hash } = JSON.parse(line);
  await shop.events(visit('laptop', { phone_hash }));
  await shop.records(deal('1', { client: { phone: '8 (900) 000-00-01' } }));
  await shop.settle();
  expect(await matches(shop)).toEqual([{ deal_id: '1', matched_by: 'phone' }]);
});

scenario('a contact card leads from the contact of a deal to the browser', async (shop) => {
  await shop.events(visit('laptop', { email_hash: hasher.email('Anna@Shop.Example') }));
  await shop.records(deal('1', { client: { id: 'c1' } }));
  await shop.settle();
  expect(await matches(shop)).toEqual([{ deal_id: '1', matched_by: 'none' }]);
  await shop.records(record('client', { source: 'crm', id: 'c1', phones: [phone], emails: ['anna@shop.example'] }));
  await shop.settle();
  expect(await matches(shop)).toEqual([{ deal_id: '1', matched_by: 'contact' }]);
});

scenario('a corrected phone of a contact card parts what it had joined', async (shop) => {
  const card = (text: string, day: string) =>
    record('client', { source: 'crm', id: 'c1', phones: [text] }, `2026-06-${day}T00:00:00Z`);
  await shop.events(visit('laptop', { phone_hash: phoneHash }));
  await shop.records(deal('1', { client: { id: 'c1' } }), card(phone, '01'));
  await shop.settle();
  expect(await pathOf(shop, '1')).toHaveLength(1);
  await shop.records(card('+79000000009', '02'));
  await shop.settle();
  expect(await matches(shop)).toEqual([{ deal_id: '1', matched_by: 'none' }]);
  expect(await pathOf(shop, '1')).toEqual([]);
});

scenario('an identifier that nobody gives any more is no person', async (shop) => {
  await shop.records(deal('1', { client: { phone } }, '2026-06-01T00:00:00Z'));
  await shop.settle();
  await shop.records(deal('1', { client: { phone: '+79000000009' } }, '2026-06-02T00:00:00Z'));
  await shop.settle();
  expect(await shop.mart('clients', 'client_id, identifiers')).toEqual([
    { client_id: clientIdOf('deal:crm:1'), identifiers: 2 },
  ]);
});

for (const [name, key, more] of [
  ['visit code', { visit_code: encodeVisitCode(41) }, { visit_code: Number(encodeVisitCode(41)) }],
  ['visit id', { visit: uuid('visit 1').toUpperCase() }, { visit_id: uuid('visit 1') }],
  ['visitor id', { visitor: uuid('late visitor id') }, {}],
  ['Metrica ClientID', { ym_client_id: '1700' }, { ym_client_id: '1700' }],
] as const) {
  scenario(`a visit that arrives after its deal links it by ${name}`, async (shop) => {
    await shop.records(deal('1', key));
    await shop.settle();
    expect(await pathOf(shop, '1')).toEqual([]);
    await shop.events(visit(`late ${name}`, more));
    await shop.settle();
    expect(await pathOf(shop, '1')).toHaveLength(1);
    const [match] = await shop.mart<{ matched_by: string }>('deals', 'matched_by');
    expect(match?.matched_by).toBe(
      {
        'visit code': 'visit_code',
        'visit id': 'visitor',
        'visitor id': 'visitor',
        'Metrica ClientID': 'ym_client_id',
      }[name],
    );
  });
}

scenario('an order made in the browser that arrives after its deal links it by the order number', async (shop) => {
  await shop.records(deal('1', { order_id: 'A-1' }));
  await shop.settle();
  expect(await matches(shop)).toEqual([{ deal_id: '1', matched_by: 'none' }]);
  await shop.events({ who: 'anna', at: '2026-03-05 09:59:00.000', type: 'purchase', more: { order_id: 'A-1' } });
  await shop.settle();
  expect(await matches(shop)).toEqual([{ deal_id: '1', matched_by: 'order' }]);
  expect(await shop.mart('leads', 'kind, deal_key')).toEqual([{ kind: 'cart', deal_key: 'crm:1' }]);
});

scenario('a visit code that was given out again means the newest visit before the deal', async (shop) => {
  const code = Number(encodeVisitCode(42));
  await shop.events(visit('old', { visit_code: code }), visit('new', { visit_code: code }, '04'));
  await shop.events(visit('later', { visit_code: code }, '20'));
  await shop.events({ ...visit('old', { visit_code: code }, '21'), id: 'the old browser comes again' });
  await shop.records(deal('1', { visit_code: String(code) }));
  await shop.settle();
  expect(await pathOf(shop, '1')).toEqual([{ touch_id: uuid(`new 2026-03-04 10:00:00.000 pageview ${ad}`) }]);
});

scenario('a wrong check digit matches nothing', async (shop) => {
  const code = encodeVisitCode(43);
  const wrong = code.slice(0, -1) + String((Number(code.at(-1)) + 1) % 10);
  await shop.events(visit('anna', { visit_code: Number(wrong) }));
  await shop.records(deal('1', { visit_code: wrong }));
  await shop.settle();
  expect(await matches(shop)).toEqual([{ deal_id: '1', matched_by: 'none' }]);
});

scenario('values that broken templates send for everybody identify nobody', async (shop) => {
  const idle = { order_id: '0', user_id: 'NULL', ym_client_id: 'Undefined' };
  await shop.events({ ...visit('anna', idle), type: 'purchase' }, { ...visit('boris', idle), type: 'purchase' });
  await shop.records(
    deal('1', { order_id: '0', ym_client_id: 'undefined', client: { id: 'None' } }),
    deal('2', { order_id: '0', ym_client_id: 'undefined', client: { id: 'None' } }),
  );
  await shop.settle();
  const persons = await shop.mart('clients', 'client_id');
  expect(persons).toHaveLength(4);
  expect(await shop.mart('deals', 'same_as', 'deal_id')).toEqual([{ same_as: '' }, { same_as: '' }]);
});

scenario('a deal with no key is a person without a visit', async (shop) => {
  await shop.records(deal('1'));
  await shop.settle();
  expect(await shop.mart('deals', 'client_id, matched_by, lead_id')).toEqual([
    { client_id: clientIdOf('deal:crm:1'), matched_by: 'none', lead_id: 'deal:crm:1' },
  ]);
  expect(await shop.mart('clients', 'deals, identifiers')).toEqual([{ deals: 1, identifiers: 1 }]);
});

scenario('a deal that moves to another person leaves its old path', async (shop) => {
  await shop.events(visit('anna'), visit('boris'));
  await shop.records(deal('1', { visitor: uuid('anna') }, '2026-06-01T00:00:00Z'));
  await shop.settle();
  const ofAnna = await pathOf(shop, '1');
  await shop.records(deal('1', { visitor: uuid('boris') }, '2026-06-02T00:00:00Z'));
  await shop.settle();
  const ofBoris = await pathOf(shop, '1');
  expect([ofAnna, ofBoris]).toEqual([
    [{ touch_id: uuid(`anna 2026-03-01 10:00:00.000 pageview ${ad}`) }],
    [{ touch_id: uuid(`boris 2026-03-01 10:00:00.000 pageview ${ad}`) }],
  ]);
  expect(await shop.mart('deal_touches', 'path_id')).toHaveLength(1);
});

scenario('a deleted deal takes its person and its path along', async (shop) => {
  await shop.events(visit('anna'));
  await shop.records(deal('1', { visitor: uuid('anna') }, '2026-06-01T00:00:00Z'));
  await shop.settle();
  await shop.records(deal('1', { deleted: true }, '2026-06-02T00:00:00Z'));
  await shop.settle();
  for (const table of ['deals', 'leads', 'deal_touches', 'clients']) expect(await shop.mart(table)).toEqual([]);
});

scenario('a deal made from a request of the CRM belongs to the person of the request', async (shop) => {
  await shop.events(visit('anna'));
  await shop.records(
    record('lead', {
      source: 'crm',
      id: 'l1',
      created_at: '2026-03-05T09:00:00Z',
      kind: 'crm',
      visit: undefined,
      visitor: uuid('anna'),
    } as Record<string, unknown>),
    deal('1', { lead_id: 'l1' }),
  );
  await shop.settle();
  expect(await shop.mart('deals', 'lead_id, lead_at')).toEqual([
    { lead_id: 'crm:l1', lead_at: '2026-03-05 09:00:00.000' },
  ]);
  expect(await pathOf(shop, '1')).toHaveLength(1);
});

scenario('a call imported with a phone is a touch of the person and moves when it is corrected', async (shop) => {
  const call = (at: string, text: string, fetchedAt: string) =>
    record('touch', { source: 'calls', id: '7', at, kind: 'call', client: { phone: text } }, fetchedAt);
  await shop.events(visit('anna', { phone_hash: phoneHash }));
  await shop.records(deal('1', { client: { phone } }), call('2026-03-03T10:00:00Z', phone, '2026-06-01T00:00:00Z'));
  await shop.settle();
  expect(await shop.mart('deal_touches', 'touch_kind, channel, position', 'position')).toEqual([
    { touch_kind: 'visit', channel: 'Paid Search', position: 1 },
    { touch_kind: 'call', channel: 'Call', position: 2 },
  ]);
  await shop.records(call('2026-03-03T11:00:00Z', '+79000000009', '2026-06-02T00:00:00Z'));
  await shop.settle();
  expect(await shop.mart('deal_touches', 'touch_kind')).toEqual([{ touch_kind: 'visit' }]);
  expect(await shop.mart('touches', 'touched_at', 'touched_at')).toHaveLength(2);
});

scenario('a visit of a robot is seen on the path but has no position', async (shop) => {
  const robot = { user_agent: 'Googlebot/2.1' };
  await shop.events(visit('anna', robot), visit('anna', {}, '02'), visit('anna', robot, '03'));
  await shop.records(deal('1', { visitor: uuid('anna') }));
  await shop.settle();
  expect(await shop.mart('deal_touches', 'dropped, position, path_length', 'touched_at')).toEqual([
    { dropped: 'bot', position: 0, path_length: 1 },
    { dropped: '', position: 1, path_length: 1 },
    { dropped: 'bot', position: 0, path_length: 1 },
  ]);
});

scenario('touches up to the very instant of the request are on the path and later ones are not', async (shop) => {
  await shop.events(
    visit('anna'),
    { who: 'anna', at: '2026-03-05 10:00:00.000', url: ad },
    { who: 'anna', at: '2026-03-05 10:00:00.001', url: `${ad}&utm_campaign=later` },
  );
  await shop.records(deal('1', { visitor: uuid('anna') }));
  await shop.settle();
  expect(await shop.mart('deal_touches', 'touched_at, seconds_before, position, path_length', 'position')).toEqual([
    { touched_at: '2026-03-01 10:00:00.000', seconds_before: '345600', position: 1, path_length: 2 },
    { touched_at: '2026-03-05 10:00:00.000', seconds_before: '0', position: 2, path_length: 2 },
  ]);
});

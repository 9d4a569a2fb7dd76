import fc from 'fast-check';
import { expect, test } from 'vitest';
import { worlds } from './random-world.ts';
import { record, uuid } from './raw.ts';
import { type Shop, useShops } from './shop.ts';

const openShop = useShops();

/** What a hand or a fault may do to the rows of a mart. */
const damages: Readonly<Record<string, string>> = {
  visits: "UPDATE channel = 'Damaged'",
  touches: "UPDATE channel = 'Damaged'",
  anonymous_hits: "UPDATE channel = 'Damaged'",
  leads: "UPDATE form_id = 'damaged'",
  deals: 'UPDATE paid_net = 1, sale_no = 7',
  deal_items: 'UPDATE price = 1',
  deal_touches: 'DELETE',
  payments: 'DELETE',
  costs: 'UPDATE cost_net_base = 1',
  clients: 'UPDATE sales = 7',
  staged_deals: 'UPDATE amount = 1',
  staged_payments: 'DELETE',
  staged_leads: "UPDATE form_id = 'damaged'",
};

type Marts = Readonly<Record<string, readonly object[]>>;

async function martsOf(shop: Shop, columns?: string): Promise<Marts> {
  const tables = await Promise.all(Object.keys(damages).map(async (table) => [table, await shop.mart(table, columns)]));
  return Object.fromEntries(tables);
}

/** Damages the rows of each mart that the condition given for it names; all rows when none is given. */
async function damage(shop: Shop, conditions: Readonly<Record<string, string>> = {}): Promise<void> {
  for (const [table, change] of Object.entries(damages))
    await shop.warehouse.command(
      `ALTER TABLE ${table} ${change} WHERE project = '${shop.project}' AND ${conditions[table] ?? 'true'} SETTINGS mutations_sync = 1`,
    );
}

/** Rows that are made of what browsers and sources told in March, by Moscow's clock. */
const ofMarch = {
  visits: "started_at >= '2026-02-28 21:00:00'",
  touches: "touched_at >= '2026-02-28 21:00:00'",
  anonymous_hits: "happened_at >= '2026-02-28 21:00:00'",
  staged_deals: "created_at >= '2026-02-28 21:00:00'",
  staged_leads: "created_at >= '2026-02-28 21:00:00'",
  staged_payments: "paid_at >= '2026-02-28 21:00:00'",
  deal_items: "deal_key = 'crm:boris'",
};

const dealOf = (who: string, at: string) =>
  record(
    'deal',
    {
      source: 'crm',
      id: who,
      created_at: at,
      amount: '1000',
      status: 'won',
      order_id: `order of ${who}`,
      items: [{ product_id: 's1', price: '500', quantity: 2 }],
    },
    at,
  );
const paymentOf = (who: string, at: string) =>
  record('payment', { source: '1c', id: who, deal_id: who, deal_source: 'crm', paid_at: at, amount: '1000' }, at);
const costOf = (id: string, date: string, to_date: string) =>
  record('cost', { source: 'vk', id, date, to_date, cost: '300', vat: 'none' }, `${date}T12:00:00Z`);
const visitOf = (who: string, at: string) => [
  { who, at, url: 'https://shop.example/?utm_source=vk&utm_medium=cpc' },
  { who, at: at.replace(':00.000', ':30.000'), type: 'purchase', more: { order_id: `order of ${who}` } },
];

const refusedAt = (at: string) => ({ who: `refused ${at}`, at, id: at, more: { consent: 'denied' } });
const lastOfFebruary = '2026-02-28 20:59:58.000';

/** Anna and Dora are of February, Boris of March by Moscow's clock, Clara bought in February and paid in March. */
async function openTwoMonths(): Promise<Shop> {
  const shop = openShop();
  await shop.events(...visitOf('anna', '2026-02-10 10:00:00.000'), ...visitOf('clara', '2026-02-11 10:00:00.000'));
  await shop.events({ who: 'dora', at: '2026-02-28 20:59:59.000' }, ...visitOf('boris', '2026-02-28 21:00:00.000'));
  await shop.events(refusedAt(lastOfFebruary), refusedAt('2026-02-28 21:00:01.000'));
  await shop.records(dealOf('anna', '2026-02-10T10:01:00Z'), paymentOf('anna', '2026-02-10T11:00:00Z'));
  await shop.records(dealOf('clara', '2026-02-11T10:01:00Z'), paymentOf('clara', '2026-03-05T11:00:00Z'));
  await shop.records(dealOf('boris', '2026-02-28T21:01:00Z'), paymentOf('boris', '2026-02-28T21:02:00Z'));
  await shop.records(
    costOf('february', '2026-02-01', '2026-02-28'),
    costOf('both', '2026-02-27', '2026-03-01'),
    costOf('march', '2026-03-01', '2026-03-02'),
  );
  await shop.settle();
  return shop;
}

test('rebuilding from a day heals what happened that day or later by the local clock, and touches nothing else', async () => {
  const shop = await openTwoMonths();
  const sound = await martsOf(shop);
  await damage(shop, ofMarch);
  const damaged = await martsOf(shop);
  const runs = await martsOf(shop, '* EXCEPT (project)');
  expect(await shop.rebuildSince('2026-03-01')).toEqual({ batches: 0, rows: 0, setAside: 0 });

  const isOld = (row: object): boolean => {
    const text = JSON.stringify(row);
    return ['anna', 'vk:february', uuid('anna'), uuid('dora'), uuid(lastOfFebruary)].some((name) =>
      text.includes(name),
    );
  };
  const annas = new Set((await shop.mart('deals', 'client_id', 'deal_key')).slice(0, 1).map((row) => row.client_id));
  const healed = await martsOf(shop);
  const runsAfter = await martsOf(shop, '* EXCEPT (project)');
  for (const table of Object.keys(damages)) {
    const old = (row: object): boolean => isOld(row) || ('client_id' in row && annas.has(row.client_id));
    const young = (row: object): boolean => !old(row);
    const [was, hurt, is] = [sound, damaged, healed].map((marts) => marts[table] ?? []);
    expect([table, is?.filter(young)]).toEqual([table, was?.filter(young)]);
    expect([table, is?.filter(old)]).toEqual([table, hurt?.filter(old)]);
    expect([table, runsAfter[table]?.filter(old)]).toEqual([table, runs[table]?.filter(old)]);
    expect([table, was?.filter(young).length]).not.toEqual([table, 0]);
  }
  await shop.rebuild();
  expect(await martsOf(shop)).toEqual(sound);
});

test('what came late is rebuilt from the day on which it came, whenever it happened', async () => {
  const shop = openShop();
  await shop.records(record('cost', costOf('late', '2026-01-01', '2026-01-01').row, '2026-03-01T00:00:00Z'));
  await shop.events({ who: 'anna', at: '2026-01-01 10:00:00.000', more: { received_at: '2026-03-01 10:00:00.000' } });
  await shop.settle();
  const sound = await martsOf(shop);
  await damage(shop);
  const damaged = await martsOf(shop);
  expect(damaged).not.toEqual(sound);
  await shop.rebuildSince('2026-03-02');
  expect(await martsOf(shop)).toEqual(damaged);
  await shop.rebuildSince('2026-03-01');
  expect(await martsOf(shop)).toEqual(sound);
});

test('rebuilding from a day takes what waits too', async () => {
  const shop = openShop();
  await shop.records(costOf('old', '2026-01-01', '2026-01-01'));
  expect(await shop.rebuildSince('2026-03-01')).toEqual({ batches: 1, rows: 1, setAside: 0 });
  expect(await shop.mart('costs', 'cost_key')).toEqual([{ cost_key: 'vk:old:2026-01-01' }]);
});

test('rebuilding from the first day of a world is rebuilding it whole', async () => {
  const property = fc.asyncProperty(worlds, async (world) => {
    const shop = openShop();
    await shop.events(...world.events);
    await shop.records(...world.records);
    await shop.settle();
    const sound = await martsOf(shop);
    await damage(shop);
    await shop.rebuildSince('2026-02-25');
    expect(await martsOf(shop)).toEqual(sound);
    await shop.rebuild();
    expect(await martsOf(shop)).toEqual(sound);
  });
  await fc.assert(property, { seed: 20260301, numRuns: 1, endOnFailure: true });
}, 300_000);

import { beforeAll, describe, expect, test } from 'vitest';
import type { StagesOutcome } from '../../../etl/pipeline.ts';
import { type Marts, martsOf } from './marts.ts';
import { type Loose, loadRawRecords, record, uuid } from './raw.ts';
import { type Shop, useShops } from './shop.ts';

const openShop = useShops();

const deal = (id: string, amount = '1000'): Loose =>
  record('deal', { source: 'crm', id, created_at: '2026-03-01T10:00:00Z', amount, status: 'won' });
const cost = (id: string): Loose =>
  record('cost', { source: 'vk', id, date: '2026-03-01', cost: '122', vat: 'included', vat_rate: '0.22' });
const payment = (id: string, amount: string, at = '2026-03-02T10:00:00Z'): Loose =>
  record('payment', { source: '1c', id, deal_id: '1', deal_source: 'crm', paid_at: at, amount });

/** A VAT rate that the door refuses: the spend would be divided by zero. */
const badVat = { vat_rate: '-1' };

interface SetAside {
  readonly key: string;
  readonly batch: string;
  readonly detail: string;
}

const keys = (rows: readonly SetAside[]): string[] => rows.map(({ key }) => key);
const setAside = (shop: Shop) => shop.mart<SetAside>('set_aside', 'key, batch, detail', 'key');
const waiting = ({ warehouse, project }: Shop) =>
  warehouse.query('SELECT batch FROM raw_batches FINAL WHERE project = {project:String} AND done = 0', { project });
const mend = (shop: Shop, change: string) =>
  shop.warehouse.command(`ALTER TABLE raw_records UPDATE ${change} SETTINGS mutations_sync = 1`);

/** How a run ended and what the shop holds after it. */
async function stateAfter(shop: Shop, run: Promise<StagesOutcome>) {
  const outcome = await run;
  return { outcome, aside: keys(await setAside(shop)), costs: await shop.mart('costs', 'cost_key, cost_net') };
}

type State = Awaited<ReturnType<typeof stateAfter>>;

test('a record that no statement takes is set aside alone: the rest of its batch and of the other batches is counted', async () => {
  const shop = openShop();
  await shop.records(deal('1'), payment('p1', '1000'), cost('d'));
  const batch = await loadRawRecords(shop.warehouse, [cost('a'), cost('b'), cost('c')], shop.project, (row) =>
    row.record_id === 'b' ? badVat : {},
  );
  await shop.events({ who: 'anna', at: '2026-03-01 10:00:00.000' });

  expect(await shop.settle()).toEqual({ batches: 3, rows: 7, setAside: 1 });
  expect(await shop.mart('costs', 'cost_key')).toEqual([
    { cost_key: 'vk:a:2026-03-01' },
    { cost_key: 'vk:c:2026-03-01' },
    { cost_key: 'vk:d:2026-03-01' },
  ]);
  expect(await shop.mart('deals', 'deal_key, paid_net')).toEqual([{ deal_key: 'crm:1', paid_net: '1000' }]);
  expect(await shop.mart('visits', 'visitor_id')).toEqual([{ visitor_id: uuid('anna') }]);
  expect(await setAside(shop)).toEqual([
    { key: 'cost:vk:b', batch, detail: expect.stringMatching(/^clean: .*ClickHouse 153 ILLEGAL_DIVISION/) },
  ]);
  expect(await waiting(shop)).toEqual([]);

  await shop.records(cost('e'));
  expect(await shop.settle()).toEqual({ batches: 1, rows: 1, setAside: 0 });
  expect(await shop.mart('costs', 'count() AS n')).toEqual([{ n: '4' }]);
});

describe('of records set aside', () => {
  let arrived: State;
  let rebuilt: State;
  let mended: State;
  let renewed: State;
  let rebuiltAgain: State;
  beforeAll(async () => {
    const shop = openShop();
    await loadRawRecords(shop.warehouse, [cost('a'), cost('b'), cost('c')], shop.project, (row) =>
      row.record_id === 'a' ? {} : badVat,
    );
    arrived = await stateAfter(shop, shop.settle());
    rebuilt = await stateAfter(shop, shop.rebuild());
    const ofB = `project = '${shop.project}' AND record_id = 'b'`;
    await mend(shop, `record = replace(record, '"-1"', '"0.22"') WHERE ${ofB}`);
    mended = await stateAfter(shop, shop.rebuild());
    await shop.records(record('cost', { ...cost('c').row, cost: '244' }, '2026-06-02T00:00:00Z'));
    renewed = await stateAfter(shop, shop.settle());
    rebuiltAgain = await stateAfter(shop, shop.rebuild());
  }, 300_000);

  const spend = (id: string, cost_net = '100') => ({ cost_key: `vk:${id}:2026-03-01`, cost_net });

  test('rebuilding tries what was set aside again: what was mended is taken in once, what was not stays aside', () => {
    expect(arrived.aside).toEqual(['cost:vk:b', 'cost:vk:c']);
    expect(rebuilt.outcome).toMatchObject({ setAside: 2 });
    expect(rebuilt.aside).toEqual(['cost:vk:b', 'cost:vk:c']);
    expect(mended.outcome).toMatchObject({ setAside: 1 });
    expect(mended.aside).toEqual(['cost:vk:c']);
    expect(mended.costs).toEqual([spend('a'), spend('b')]);
    expect(rebuiltAgain.costs).toEqual([spend('a'), spend('b'), spend('c', '200')]);
  });

  test('a newer version of a record set aside is counted', () => {
    expect(mended.aside).toEqual(['cost:vk:c']);
    expect(renewed.costs).toEqual([spend('a'), spend('b'), spend('c', '200')]);
    expect(rebuiltAgain.outcome).toMatchObject({ setAside: 0 });
    expect(rebuiltAgain.aside).toEqual([]);
  });
});

/** Two shops under two bounds: after a bound is set or lifted, all tables in which the stages work are made anew. */
describe('what exceeds a bound', () => {
  let arrived: Readonly<Record<'money' | 'pages', State>>;
  let marts: Readonly<Record<'money' | 'without', Marts>>;
  let later: readonly object[];
  let deals: readonly object[];
  let visits: readonly object[];
  beforeAll(async () => {
    const [money, pages, without] = [openShop(), openShop(), openShop()];
    const { warehouse } = money;
    await warehouse.command('ALTER TABLE deals ADD CONSTRAINT money_fits CHECK paid_net < 1000000');
    await warehouse.command("ALTER TABLE visits ADD CONSTRAINT page_is_good CHECK landing_page != '/bad'");
    await money.records(deal('1'), payment('p1', '900'));
    await money.settle();
    await money.records(payment('p2', '600000'), payment('p3', '600000'));
    await money.records(deal('2'));
    await pages.events({ who: 'anna', at: '2026-03-01 10:00:00.000' });
    await pages.settle();
    await pages.events(
      { who: 'anna', at: '2026-03-02 10:00:00.000' },
      { who: 'anna', at: '2026-03-03 10:00:00.000', url: 'https://shop.example/bad', id: 'bad' },
      { who: 'boris', at: '2026-03-03 10:00:00.000' },
    );
    arrived = {
      money: await stateAfter(money, money.settle()),
      pages: await stateAfter(pages, pages.settle()),
    };
    await without.records(deal('1'), deal('2'), payment('p1', '900'), payment('p2', '600000'));
    await without.settle();
    marts = { money: await martsOf(money), without: await martsOf(without) };
    await pages.events({ who: 'anna', at: '2026-03-04 10:00:00.000' });
    await pages.settle();
    later = await pages.mart('visits', `countIf(visitor_id = '${uuid('anna')}') AS annas, count() AS n`);
    await warehouse.command('ALTER TABLE deals DROP CONSTRAINT money_fits');
    await warehouse.command('ALTER TABLE visits DROP CONSTRAINT page_is_good');
    await money.rebuild();
    await pages.rebuild();
    deals = await money.mart('deals', 'deal_key, paid_net');
    visits = await pages.mart('visits', 'count() AS n');
  }, 300_000);

  test('money that fits alone and not together is set aside without a trace of it in the marts', () => {
    expect(arrived.money.outcome).toEqual({ batches: 2, rows: 3, setAside: 1 });
    expect(arrived.money.aside).toEqual(['payment:1c:p3']);
    expect(marts.money).toEqual(marts.without);
    expect(deals).toEqual([
      { deal_key: 'crm:1', paid_net: '1200900' },
      { deal_key: 'crm:2', paid_net: '0' },
    ]);
  });

  test('an event that no statement takes is set aside, and its browser keeps its other visits', () => {
    expect(arrived.pages.outcome).toEqual({ batches: 1, rows: 3, setAside: 1 });
    expect(arrived.pages.aside).toEqual([`event:${uuid('bad')}`]);
    expect(later).toEqual([{ annas: '3', n: '4' }]);
    expect(visits).toEqual([{ n: '5' }]);
  });
});

test('what fails without the new batches too is no fault of theirs: they wait', async () => {
  const shop = openShop();
  await shop.warehouse.command('RENAME TABLE campaigns TO campaigns_away');
  await shop.records(cost('a'));
  await expect(shop.settle()).rejects.toMatchObject({ kind: 'missing' });
  await shop.warehouse.command('RENAME TABLE campaigns_away TO campaigns');
  expect(await waiting(shop)).toHaveLength(1);
  expect(await shop.settle()).toMatchObject({ batches: 1, setAside: 0 });
});

test('so many bad records at once are set aside in turns, and the good ones are counted', async () => {
  const shop = openShop({}, { mostAtOnce: 2 });
  const costs = Array.from({ length: 3 }, (_none, number) => cost(`c${number}`));
  await loadRawRecords(shop.warehouse, [...costs, cost('good')], shop.project, (row) =>
    row.record_id === 'good' ? {} : badVat,
  );
  expect(await shop.settle()).toMatchObject({ setAside: 3 });
  expect(await shop.mart('costs', 'cost_key')).toEqual([{ cost_key: 'vk:good:2026-03-01' }]);
  expect(await waiting(shop)).toEqual([]);
}, 300_000);

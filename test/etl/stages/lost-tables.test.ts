import { expect, test } from 'vitest';
import type { Warehouse } from '../../../warehouse/warehouse.ts';
import { type Marts, martsOf } from './marts.ts';
import { record } from './raw.ts';
import { form } from './request-sketches.ts';
import { type Shop, useShops } from './shop.ts';

const openShop = useShops();

/** A warehouse that is started anew once, before it fills a table: tables in memory are empty then. */
function startedAnew(warehouse: Warehouse, table: string): Warehouse {
  let isOld = true;
  const command: Warehouse['command'] = async (sql, ...rest) => {
    if (isOld && sql.includes(`INSERT INTO ${table}\n`)) {
      isOld = false;
      await forgetMemory(warehouse);
    }
    return warehouse.command(sql, ...rest);
  };
  return {
    ...warehouse,
    database: warehouse.database,
    db: warehouse.db,
    query: warehouse.query.bind(warehouse),
    insertRows: warehouse.insertRows.bind(warehouse),
    command,
  };
}

async function forgetMemory(warehouse: Warehouse): Promise<void> {
  const tables = await warehouse.query<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine = 'Memory'",
  );
  for (const { name } of tables) await warehouse.command(`TRUNCATE TABLE ${name}`);
}

const outcomesOf = (shop: Shop): Promise<unknown[]> =>
  shop.warehouse.query(
    "SELECT outcome FROM etl_runs FINAL WHERE project = {project:String} AND kind = 'stages' ORDER BY run_no",
    { project: shop.project },
  );

async function load(shop: Shop): Promise<void> {
  const at = '2026-03-01T10:00:00Z';
  await shop.events(form('09:00:00'));
  await shop.records(
    record(
      'deal',
      { source: 'crm', id: '1', created_at: at, amount: 5, status: 'won', client: { phone: '+79000000001' } },
      at,
    ),
    record('payment', { source: '1c', id: 'p', deal_id: '1', deal_source: 'crm', paid_at: at, amount: 5 }, at),
    record('cost', { source: 'ads', id: 'c', date: '2026-03-01', cost: 1, vat: 'none' }, at),
  );
}

/** What the marts tell when nothing is lost. */
async function undisturbed(): Promise<Marts> {
  const plain = openShop();
  await load(plain);
  await plain.settle();
  return martsOf(plain);
}

const repeated = [{ outcome: 'failed' }, { outcome: 'ok' }];

test('a run in whose middle the database was started anew is repeated, and counts as if nothing had been; so is a rebuild', async () => {
  const expected = await undisturbed();
  for (const table of ['work_edges', 'identity_links', 'visits']) {
    const shop = openShop();
    await load(shop);
    const deps = { warehouse: startedAnew(shop.warehouse, table) };
    await (table === 'visits' ? shop.rebuild({}, deps) : shop.settleWith(deps));
    expect([table, await martsOf(shop)]).toEqual([table, expected]);
    expect([table, await outcomesOf(shop)]).toEqual([table, repeated]);
  }
}, 180_000);

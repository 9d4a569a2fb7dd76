import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { clientIdOf } from '../../../etl/stages/identify.ts';
import type { Warehouse } from '../../../warehouse/warehouse.ts';
import { type Marts, martsOf } from './marts.ts';
import { type World, worlds } from './random-world.ts';
import { record } from './raw.ts';
import { type Shop, useShops } from './shop.ts';

const openShop = useShops();
const seed = 20260301;
const world = drawn(worlds);
/** Where a run breaks, one for each piece: in the first stages and in the last. */
const statements = [9, 34, 66];

function drawn<Value>(from: fc.Arbitrary<Value>): Value {
  const [value] = fc.sample(from, { seed, numRuns: 1 });
  if (value === undefined) throw new Error('nothing was drawn');
  return value;
}

async function loadAtOnce(world: World, shop: Shop): Promise<Marts> {
  await shop.events(...world.events);
  await shop.records(...world.records);
  await shop.settle();
  return martsOf(shop);
}

/** Loads a world in an order and in batches that another random number decides, some of it twice, with a run after each batch. */
async function loadInPieces(world: World, shop: Shop): Promise<Marts> {
  for (const { events, records } of world.pieces) {
    if (events.length > 0) await shop.events(...events);
    if (records.length > 0) await shop.records(...records);
    await shop.settle();
  }
  return martsOf(shop);
}

let whole: Shop;
let atOnce: Marts;
beforeAll(async () => {
  whole = openShop();
  atOnce = await loadAtOnce(world, whole);
});

test('the same world gives the same marts in any order, repeated and in any batches, run again and rebuilt', async () => {
  const pieces = openShop({}, { shareSize: 4 });
  expect(await loadInPieces(world, pieces)).toEqual(atOnce);
  await pieces.rebuild();
  expect(await martsOf(pieces)).toEqual(atOnce);
  await whole.events();
  await whole.settle();
  expect(await martsOf(whole)).toEqual(atOnce);
}, 300_000);

const at = '2026-03-01T10:00:00Z';
const later = '2026-03-02T10:00:00Z';

/** A warehouse whose connection breaks when the payments, the last of the marts, are to be written. */
function breakingAtPayments(warehouse: Warehouse): Warehouse {
  const command: Warehouse['command'] = (sql, ...rest) =>
    sql.includes('INSERT INTO payments')
      ? Promise.reject(new Error('the connection broke'))
      : warehouse.command(sql, ...rest);
  return {
    ...warehouse,
    database: warehouse.database,
    db: warehouse.db,
    query: warehouse.query.bind(warehouse),
    command,
    insertRows: warehouse.insertRows.bind(warehouse),
  };
}

/** A warehouse whose connection breaks once, at its n-th statement. */
function breaking(warehouse: Warehouse, statement: number): Warehouse {
  let left = statement;
  const broken = <Arguments extends unknown[], Answer>(call: (...all: Arguments) => Promise<Answer>) => {
    return async (...all: Arguments): Promise<Answer> => {
      left -= 1;
      if (left === 0) throw new Error('the connection broke');
      return call(...all);
    };
  };
  return {
    ...warehouse,
    database: warehouse.database,
    db: warehouse.db,
    query: broken(warehouse.query.bind(warehouse)) as Warehouse['query'],
    command: broken(warehouse.command.bind(warehouse)),
    insertRows: broken(warehouse.insertRows.bind(warehouse)),
  };
}

test('a run that broke at any statement and is repeated gives the same marts', async () => {
  const shop = openShop();
  for (const [number, { events, records }] of world.pieces.entries()) {
    if (events.length > 0) await shop.events(...events);
    if (records.length > 0) await shop.records(...records);
    const statement = statements[number % statements.length] ?? 0;
    await shop.settleWith({ warehouse: breaking(shop.warehouse, statement) }).catch(() => undefined);
  }
  await shop.settle();
  expect(await martsOf(shop)).toEqual(atOnce);
}, 300_000);

test('a person that a broken run began to write is gone when newer data takes it away', async () => {
  const shop = openShop();
  const phone = '+79000000001';
  const deal = { source: 'crm', id: '1', created_at: at, amount: 1, status: 'open', client: { phone } };
  const card = { source: 'crm', id: 'c1', phones: [phone] };
  await shop.records(record('deal', deal, at), record('client', card, at));
  await expect(shop.settleWith({ warehouse: breakingAtPayments(shop.warehouse) })).rejects.toThrow('broke');
  await shop.records(record('client', { ...card, deleted: true }, later));
  await shop.settle();
  expect(await shop.mart('clients', 'client_id')).toEqual([{ client_id: clientIdOf('deal:crm:1') }]);
});

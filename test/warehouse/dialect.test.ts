import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { column } from '../../warehouse/column.ts';
import { compileOnly, runCompiled } from '../../warehouse/dialect/compile-only.ts';
import { toSqlWithParams } from '../../warehouse/dialect/compiled-parameters.ts';
import { final } from '../../warehouse/dialect/final.ts';
import { typed } from '../../warehouse/dialect/typed-value.ts';
import { createTableSql, type DatabaseOf, defineTable } from '../../warehouse/table.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { emptyWarehouse, testWarehouse } from '../support/clickhouse.ts';

const orders = defineTable({
  name: 'orders',
  row: 'one order',
  columns: {
    id: column.uint32('number'),
    shop: column.name('shop'),
    amount: column.money('amount'),
    paid_at: column.instant('when').nullable(),
    day: column.date('day'),
    key: column.uuid('key'),
    version: column.uint32('version'),
  },
  engine: 'ReplacingMergeTree(version)',
  orderBy: ['id'],
});

type Db = DatabaseOf<{ orders: typeof orders }>;

const db = compileOnly<Db>();
const KEY = '11111111-2222-4333-8444-555555555555';

let warehouse: Warehouse;

beforeAll(async () => {
  warehouse = await emptyWarehouse();
  await warehouse.command(createTableSql(orders));
  const order = { shop: 'north', amount: '10.500000', paid_at: null, day: '2026-01-01', key: KEY, version: 1 };
  await warehouse.insertRows('orders', [
    { ...order, id: 1 },
    { ...order, id: 2, shop: 'south', amount: '20.250000', paid_at: '2026-01-02 03:04:05.678' },
    { ...order, id: 3, shop: 'north', amount: '-0.000001', day: '2026-01-03' },
  ]);
  await warehouse.insertRows('orders', [{ ...order, id: 1, amount: '11.500000', version: 2 }]);
});

describe('compiling', () => {
  test('every value becomes a typed parameter', () => {
    const query = db
      .selectFrom('orders')
      .select('id')
      .where('shop', '=', "o'neil\\")
      .where('id', '>', 5)
      .where('day', 'in', ['2026-01-01', '2026-01-02'])
      .limit(10)
      .offset(20);
    expect(toSqlWithParams(query.compile())).toEqual({
      sql:
        'select `id` from `orders` where `shop` = {p1:String} and `id` > {p2:Int64} ' +
        'and `day` in {p3:Array(String)} limit {p4:Int64} offset {p5:Int64}',
      params: {
        p1: { type: 'String', value: "o'neil\\" },
        p2: { type: 'Int64', value: 5 },
        p3: { type: 'Array(String)', value: ['2026-01-01', '2026-01-02'] },
        p4: { type: 'Int64', value: 10 },
        p5: { type: 'Int64', value: 20 },
      },
    });
  });

  test('a stated type is kept', () => {
    const query = db.selectFrom('orders').select('id').where('amount', '>', typed('0.5', 'Decimal(18, 6)'));
    expect(toSqlWithParams(query.compile()).params).toEqual({ p1: { type: 'Decimal(18, 6)', value: '0.5' } });
  });

  test.each([['String} OR 1=1 --'], ["Enum8('a' = 1)"], [''], ['Array(String'], ['`x`']])(
    '%s is not taken for a type',
    (type) => {
      expect(() => typed('x', type)).toThrow('is not the name of a ClickHouse type');
    },
  );

  test.each([
    ['String', 'text'],
    ['Int64', 1],
    ['Int64', Number.MAX_SAFE_INTEGER],
    ['Float64', 2 ** 53],
    ['Float64', 0.1],
    ['Int64', 2n ** 63n - 1n],
    ['Int128', 2n ** 63n],
    ['Bool', true],
    ["DateTime64(3, 'UTC')", new Date(0)],
    ['Array(String)', ['a']],
    ['Array(Float64)', [1, 0.5]],
    ['Array(Int128)', [1, 2n ** 70n]],
    ['Array(Nullable(String))', ['a', null]],
    ['Array(Array(String))', [['a'], ['b']]],
  ])('a plain value travels as %s', (type, value) => {
    expect(toSqlWithParams(sql`select ${value}`.compile(db)).params.p1?.type).toBe(type);
  });

  test.each([
    ['a record', { a: 1 }],
    ['undefined', undefined],
    ['a symbol', Symbol('x')],
    ['a mixed list', [1, 'a']],
    ['a number of 129 bits', 2n ** 127n],
  ])('%s has no type of its own and is refused', (_what, value) => {
    expect(() => sql`select ${value}`.compile(db)).toThrow();
  });

  test('an invalid date is refused', () => {
    expect(() => sql`select ${new Date(Number.NaN)}`.compile(db)).toThrow(RangeError);
  });

  test('UNION without ALL says DISTINCT, which ClickHouse wants to be told', () => {
    const one = db.selectFrom('orders').select('id');
    expect(one.unionAll(one).union(one).compile().sql).toBe(
      'select `id` from `orders` union all select `id` from `orders` union distinct select `id` from `orders`',
    );
  });

  test.each([
    ['UPDATE', () => db.updateTable('orders').set({ shop: 'x' } as never)],
    ['DELETE', () => db.deleteFrom('orders')],
    [
      'RETURNING',
      () =>
        db
          .insertInto('orders')
          .values({ id: 1 } as never)
          .returningAll(),
    ],
    [
      'ON CONFLICT',
      () =>
        db
          .insertInto('orders')
          .values({ id: 1 } as never)
          .onConflict((on) => on.doNothing()),
    ],
    [
      'ON DUPLICATE KEY',
      () =>
        db
          .insertInto('orders')
          .values({ id: 1 } as never)
          .onDuplicateKeyUpdate({} as never),
    ],
    ['MERGE', () => db.mergeInto('orders').using('orders as o', 'o.id', 'orders.id').whenMatched().thenDelete()],
    ['CREATE TABLE', () => db.schema.createTable('x').addColumn('a', 'text')],
    ['ALTER TABLE', () => db.schema.alterTable('x').dropColumn('a')],
    ['DROP TABLE', () => db.schema.dropTable('x')],
    ['CREATE VIEW', () => db.schema.createView('x').as(db.selectFrom('orders').select('id'))],
    ['CREATE INDEX', () => db.schema.createIndex('x').on('orders').column('id')],
  ])('%s is refused with what to use instead', (what, build) => {
    expect(() => build().compile()).toThrow(new RegExp(`^${what} is not for this database: .+\\.$`));
  });
});

describe('running', () => {
  test('a query with CTE, join, union, group, window and order answers typed rows', async () => {
    const query = db
      .with('paid', (q) => q.selectFrom('orders').selectAll().where('paid_at', 'is not', null))
      .selectFrom('orders as o')
      .leftJoin('paid as p', 'p.id', 'o.id')
      .select(({ fn }) => [
        'o.shop',
        fn.countAll<string>().as('orders'),
        fn.sum<string>('o.amount').as('amount'),
        sql<number>`row_number() over (order by ${sql.ref('o.shop')} desc)`.as('place'),
      ])
      .where('o.version', '=', 1)
      .groupBy('o.shop')
      .having(({ fn }) => fn.countAll(), '>', 0)
      .orderBy('o.shop')
      .limit(5);
    expect(await runCompiled(warehouse, query.compile())).toEqual([
      { shop: 'north', orders: '2', amount: '10.499999', place: '2' },
      { shop: 'south', orders: '1', amount: '20.25', place: '1' },
    ]);
  });

  test('FINAL reads the newest version of each row', async () => {
    const query = db
      .selectFrom(final<Db>()('orders', 'o'))
      .select(['o.id', 'o.amount'])
      .where('o.id', '=', 1)
      .orderBy('o.id');
    expect(query.compile().sql).toBe(
      'select `o`.`id`, `o`.`amount` from `orders` as `o` FINAL where `o`.`id` = {p1:Int64} order by `o`.`id`',
    );
    expect(await runCompiled(warehouse, query.compile())).toEqual([{ id: 1, amount: '11.5' }]);
  });

  test('plain values compare with columns of every kind', async () => {
    const query = db
      .selectFrom('orders')
      .select('id')
      .where('id', 'in', [2, 9])
      .where('shop', 'not in', ['west'])
      .where('key', '=', KEY)
      .where('day', '>=', '2026-01-01')
      .where('paid_at', '=', '2026-01-02 03:04:05.678')
      .where('amount', '>', typed('20.249999', 'Decimal(18, 6)'));
    expect(await runCompiled(warehouse, query.compile())).toEqual([{ id: 2 }]);
  });

  test('an empty list holds nothing', async () => {
    const base = db.selectFrom('orders').select('id').distinct().orderBy('id');
    expect(await runCompiled(warehouse, base.where('id', 'in', []).compile())).toEqual([]);
    expect(await runCompiled(warehouse, base.where('shop', 'in', []).compile())).toEqual([]);
    expect(await runCompiled(warehouse, base.where('shop', 'not in', []).compile())).toHaveLength(3);
  });

  test("a list of thousands of values is accepted, one beyond the server's limit refused by name", async () => {
    const ids = Array.from({ length: 200_000 }, (_, index) => index + 2);
    const query = db.selectFrom('orders').select('id').orderBy('id');
    const few = query.where('id', 'in', ids.slice(0, 15_000)).compile();
    expect(await runCompiled(warehouse, few)).toEqual([{ id: 2 }, { id: 3 }]);
    await expect(runCompiled(warehouse, query.where('id', 'in', ids).compile())).rejects.toMatchObject({
      kind: 'too-large',
    });
  });

  test('a union, a subquery and a raw prewhere run', async () => {
    const union = db
      .selectFrom('orders')
      .select('id')
      .where('id', '=', 1)
      .unionAll(db.selectFrom('orders').select('id').where('id', '=', 3));
    const query = db
      .selectFrom(union.as('u'))
      .select(({ fn }) => fn.sum<string>('u.id').as('total'))
      .where('u.id', 'in', sql<number>`(select id from orders prewhere shop = ${'north'})`);
    expect(await runCompiled(warehouse, query.compile())).toEqual([{ total: '5' }]);
  });

  test('the connected instance inserts a few rows and reads them', async () => {
    const migrated = await testWarehouse();
    const row = { number: 900_000, name: "o'neil\\ {x:String}", checksum: '' };
    await migrated.db.insertInto('schema_migrations').values(row).execute();
    const found = await migrated.db
      .selectFrom('schema_migrations')
      .select(['number', 'name', 'checksum'])
      .where('number', '=', 900_000)
      .executeTakeFirst();
    expect(found).toEqual(row);
  });

  test('transactions, streaming and introspection are refused', async () => {
    const connected = warehouse.db;
    await expect(connected.transaction().execute(async () => {})).rejects.toThrow('A transaction is not for this');
    await expect(
      connected.selectFrom('schema_migrations').selectAll().stream()[Symbol.asyncIterator]().next(),
    ).rejects.toThrow('stream() of the warehouse');
    await expect(connected.introspection.getTables()).rejects.toThrow('describeSchema()');
  });
});

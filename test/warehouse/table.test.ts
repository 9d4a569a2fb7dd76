import { describe, expect, expectTypeOf, test } from 'vitest';
import { column } from '../../warehouse/column.ts';
import { createTableSql, defineTable, type NewRowOf, type RowOf } from '../../warehouse/table.ts';
import { emptyWarehouse } from '../support/clickhouse.ts';

const samples = defineTable({
  name: 'samples',
  row: 'one sample of the shop\'s "goods"',
  columns: {
    project: column.name('project'),
    text: column.string('text').codec('ZSTD(3)'),
    nickname: column.name('how they are called').nullable(),
    id: column.uuid('id'),
    tiny: column.uint8('small'),
    short: column.uint16('medium'),
    long: column.uint32('long').default('7'),
    huge: column.uint64('huge'),
    signed: column.int64('signed'),
    share: column.float64('share'),
    on: column.flag('on'),
    day: column.date('day'),
    at: column.instant('at'),
    first_at: column.simpleMin('first'),
    paid: column.money('paid').nullable(),
    tags: column.strings('tags'),
    sizes: column.uints32('sizes'),
    fields: column.map('fields'),
    loaded_at: column.instant('loaded').default("now64(3, 'UTC')"),
  },
  engine: 'ReplacingMergeTree(long)',
  partitionBy: 'toYYYYMM(day)',
  primaryKey: ['project'],
  orderBy: ['project', 'id'],
  indexes: ['by_text text TYPE bloom_filter GRANULARITY 4'],
  ttl: 'day + INTERVAL 10 YEAR',
  settings: { index_granularity: 1024, storage_policy: 'default' },
});

const ROW = {
  project: 'p',
  text: 't',
  nickname: null,
  id: '11111111-2222-4333-8444-555555555555',
  tiny: 255,
  short: 65_535,
  huge: '18446744073709551615',
  signed: '-9223372036854775808',
  share: 0.1,
  on: true,
  day: '2026-01-02',
  at: '2026-01-02 03:04:05.678',
  first_at: '2026-01-02 03:04:05.678',
  paid: '-12.345678',
  tags: ['a', 'b'],
  sizes: [1, 4_294_967_295],
  fields: { a: 'b' },
  loaded_at: '2026-01-02 03:04:06.000',
};

describe('a table', () => {
  test('becomes a statement that names every column with its type and meaning', () => {
    const visits = defineTable({
      name: 'visits',
      row: "one visitor's visit",
      columns: { project: column.name('project'), paid: column.money('paid').nullable().default('0').codec('T64') },
      engine: 'MergeTree',
      orderBy: ['project'],
    });
    expect(createTableSql(visits)).toBe(
      [
        'CREATE TABLE IF NOT EXISTS `visits`',
        '(',
        "  `project` LowCardinality(String) COMMENT 'project',",
        "  `paid` Nullable(Decimal(18, 6)) DEFAULT 0 COMMENT 'paid' CODEC(T64)",
        ')',
        'ENGINE = MergeTree',
        'ORDER BY (`project`)',
        "COMMENT 'one visitor\\'s visit'",
      ].join('\n'),
    );
  });

  test('of every column kind holds a row and gives it back', async () => {
    const warehouse = await emptyWarehouse();
    await warehouse.command(createTableSql(samples));
    const row: NewRowOf<typeof samples> = ROW;
    await warehouse.insertRows('samples', [row]);
    const expected: RowOf<typeof samples> = { ...ROW, long: 7 };
    expect(await warehouse.query<RowOf<typeof samples>>('SELECT * FROM samples')).toEqual([expected]);
    const created = await warehouse.query<{ sql: string }>(
      "SELECT create_table_query AS sql FROM system.tables WHERE database = currentDatabase() AND name = 'samples'",
    );
    for (const clause of ['PRIMARY KEY (project)', 'INDEX by_text', 'TTL day', 'index_granularity = 1024', 'ZSTD(3)']) {
      expect(created[0]?.sql).toContain(clause);
    }
  });

  test('gives its rows a type', () => {
    type Row = RowOf<typeof samples>;
    expectTypeOf<Row['huge']>().toEqualTypeOf<string>();
    expectTypeOf<Row['tiny']>().toEqualTypeOf<number>();
    expectTypeOf<Row['paid']>().toEqualTypeOf<string | null>();
    expectTypeOf<Row['fields']>().toEqualTypeOf<Readonly<Record<string, string>>>();
    expectTypeOf<NewRowOf<typeof samples>['loaded_at']>().toEqualTypeOf<string | undefined>();
    // @ts-expect-error a key must be a column of the table
    defineTable({ name: 'x', row: 'x', columns: { a: column.string('a') }, engine: 'Log', orderBy: ['b'] });
  });
});

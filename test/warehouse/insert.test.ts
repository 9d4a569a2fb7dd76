import { Readable } from 'node:stream';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { isWarehouseError } from '../../warehouse/warehouse-error.ts';
import { emptyWarehouse } from '../support/clickhouse.ts';

const WINDOW = 'non_replicated_deduplication_window = 1000';

let warehouse: Warehouse;

function lines(from: number, to: number, text = 'x'): Readable {
  const rows = Array.from({ length: to - from }, (_, index) => `${JSON.stringify({ id: from + index, text })}\n`);
  return Readable.from([Buffer.from(rows.join(''))], { objectMode: false });
}

async function count(table: string): Promise<number> {
  const rows = await warehouse.query<{ n: string }>(`SELECT count() AS n FROM ${table}`);
  return Number(rows[0]?.n);
}

beforeAll(async () => {
  warehouse = await emptyWarehouse();
});

describe('inserting lines', () => {
  test('lines sent again with the same token add nothing', async () => {
    await warehouse.command(
      `CREATE TABLE a (id UInt64, text String) ENGINE = MergeTree ORDER BY id SETTINGS ${WINDOW}`,
    );
    await warehouse.insertLines('a', lines(0, 1000), 'segment-1');
    await warehouse.insertLines('a', lines(0, 1000), 'segment-1');
    expect(await count('a')).toBe(1000);
    await warehouse.insertLines('a', lines(0, 1000), 'segment-2');
    expect(await count('a')).toBe(2000);
  });

  test('lines sent again with the same token add nothing to a table behind a view', async () => {
    await warehouse.command(
      `CREATE TABLE s (id UInt64, text String) ENGINE = MergeTree ORDER BY id SETTINGS ${WINDOW}`,
    );
    await warehouse.command(`CREATE TABLE v (id UInt64) ENGINE = MergeTree ORDER BY id SETTINGS ${WINDOW}`);
    await warehouse.command('CREATE MATERIALIZED VIEW s_v TO v AS SELECT id FROM s');
    await warehouse.insertLines('s', lines(0, 1000), 'segment-1');
    await warehouse.insertLines('s', lines(0, 1000), 'segment-1');
    expect([await count('s'), await count('v')]).toEqual([1000, 1000]);
  });

  test('lines of many months sent again with the same token add nothing', async () => {
    await warehouse.command(`CREATE TABLE months (id UInt64, text String) ENGINE = MergeTree PARTITION BY id % 120
      ORDER BY id SETTINGS ${WINDOW}`);
    await warehouse.insertLines('months', lines(0, 1200), 'segment-1');
    await warehouse.insertLines('months', lines(0, 1200), 'segment-1');
    expect(await count('months')).toBe(1200);
  });

  test('two different segments that give a view the same rows are both kept', async () => {
    await warehouse.command(
      `CREATE TABLE s2 (id UInt64, text String) ENGINE = MergeTree ORDER BY id SETTINGS ${WINDOW}`,
    );
    await warehouse.command(`CREATE TABLE v2 (text String) ENGINE = MergeTree ORDER BY text SETTINGS ${WINDOW}`);
    await warehouse.command('CREATE MATERIALIZED VIEW s2_v TO v2 AS SELECT text FROM s2');
    await warehouse.insertLines('s2', lines(0, 10), 'segment-1');
    await warehouse.insertLines('s2', lines(10, 20), 'segment-2');
    expect([await count('s2'), await count('v2')]).toEqual([20, 20]);
  });

  test('a view that failed gets its rows when the lines are sent again', async () => {
    await warehouse.command(
      `CREATE TABLE s3 (id UInt64, text String) ENGINE = MergeTree ORDER BY id SETTINGS ${WINDOW}`,
    );
    await warehouse.command(`CREATE TABLE v3 (id UInt64) ENGINE = MergeTree ORDER BY id SETTINGS ${WINDOW}`);
    await warehouse.command('CREATE TABLE broken (x UInt8) ENGINE = MergeTree ORDER BY x');
    await warehouse.command('INSERT INTO broken SELECT 1');
    await warehouse.command(
      'CREATE MATERIALIZED VIEW s3_v TO v3 AS SELECT id + throwIf((SELECT count() FROM broken) > 0) AS id FROM s3',
    );
    await expect(warehouse.insertLines('s3', lines(0, 10), 'segment-1')).rejects.toSatisfy(isWarehouseError);
    await warehouse.command('TRUNCATE TABLE broken SYNC');
    await warehouse.insertLines('s3', lines(0, 10), 'segment-1');
    await warehouse.insertLines('s3', lines(0, 10), 'segment-1');
    expect([await count('s3'), await count('v3')]).toEqual([10, 10]);
  });

  test('a segment of 64 MB is one block', async () => {
    await warehouse.command(
      `CREATE TABLE big (id UInt64, text String) ENGINE = MergeTree ORDER BY id SETTINGS ${WINDOW}`,
    );
    const text = 'y'.repeat(380);
    await warehouse.insertLines('big', lines(0, 160_000, text), 'segment-1');
    const parts = await warehouse.query<{ name: string }>(
      "SELECT name FROM system.parts WHERE database = currentDatabase() AND table = 'big'",
    );
    expect(parts.map((part) => part.name)).toEqual(['all_1_1_0']);
    expect(await count('big')).toBe(160_000);
  });

  test('a torn last line inserts nothing', async () => {
    await warehouse.command('CREATE TABLE torn (id UInt64, text String) ENGINE = MergeTree ORDER BY id');
    const torn = Readable.from([`${'{"id":1,"text":"a"}\n'.repeat(1000)}{"id":2,"te`], { objectMode: false });
    await expect(warehouse.insertLines('torn', torn, 't')).rejects.toMatchObject({ kind: 'bad-data' });
    expect(await count('torn')).toBe(0);
  });

  test('a source that fails in the middle inserts nothing', async () => {
    await warehouse.command('CREATE TABLE failing (id UInt64, text String) ENGINE = MergeTree ORDER BY id');
    async function* broken() {
      yield '{"id":1,"text":"a"}\n'.repeat(10_000);
      await new Promise((resolve) => setImmediate(resolve));
      throw new Error('the disk cannot be read');
    }
    await expect(warehouse.insertLines('failing', Readable.from(broken(), { objectMode: false }), 't')).rejects.toThrow(
      'the disk cannot be read',
    );
    expect(await count('failing')).toBe(0);
  });

  test('an unknown field is an error that names it and shows no value', async () => {
    await warehouse.command('CREATE TABLE strict (id UInt64, text String) ENGINE = MergeTree ORDER BY id');
    const row = { id: 1, text: 'secret words', color: 'secret colour' };
    const error = await warehouse.insertRows('strict', [row]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'bad-data', message: expect.stringContaining('color') });
    expect(error).toMatchObject({ message: expect.not.stringContaining('secret') });
    expect(await count('strict')).toBe(0);
  });

  test('a null for a column that cannot be null is an error', async () => {
    await warehouse.command('CREATE TABLE nulls (id UInt64, text String) ENGINE = MergeTree ORDER BY id');
    await expect(warehouse.insertRows('nulls', [{ id: 1, text: null }])).rejects.toMatchObject({ kind: 'bad-data' });
  });

  test('rows come back as they were, with omitted columns filled by their defaults', async () => {
    await warehouse.command(`CREATE TABLE rows (id UInt64, amount Decimal(18, 6), at DateTime64(3, 'UTC'), on Bool,
      tags Array(String), fields Map(String, String), note String DEFAULT 'none') ENGINE = MergeTree ORDER BY id`);
    const row = {
      id: '18446744073709551615',
      amount: '-123456789012.345678',
      at: '2026-01-02T03:04:05.678+03:00',
      on: true,
      tags: ['a', "b'\\\u0000\n"],
      fields: { 'кл"юч': '😀\t' },
    };
    await warehouse.insertRows('rows', [row], 'r');
    expect(await warehouse.query('SELECT * FROM rows')).toEqual([
      { ...row, at: '2026-01-02 00:04:05.678', note: 'none' },
    ]);
  });

  test('a lone surrogate becomes U+FFFD', async () => {
    await warehouse.command('CREATE TABLE lone (text String, m Map(String, String)) ENGINE = MergeTree ORDER BY text');
    await warehouse.insertRows('lone', [{ text: 'a\ud83d', m: { '\udc00': 'b' } }]);
    expect(await warehouse.query('SELECT * FROM lone')).toEqual([{ text: 'a\ufffd', m: { '\ufffd': 'b' } }]);
  });

  test('no rows are no request', async () => {
    await expect(warehouse.insertRows('there_is_no_such_table', [])).resolves.toBeUndefined();
  });
});

import { once } from 'node:events';
import { createServer } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { tableFromIPC } from 'apache-arrow';
import { beforeAll, describe, expect, test } from 'vitest';
import { connectWarehouse } from '../../warehouse/client.ts';
import { freePort } from '../../warehouse/embedded/free-port.ts';
import { openWarehouse, parseClickHouseUrl } from '../../warehouse/open.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { isWarehouseError } from '../../warehouse/warehouse-error.ts';
import { emptyWarehouse, testServer } from '../support/clickhouse.ts';

let warehouse: Warehouse;

beforeAll(async () => {
  warehouse = await emptyWarehouse();
});

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('queries', () => {
  test('64-bit numbers, decimals and instants arrive as exact texts', async () => {
    const rows = await warehouse.query(`SELECT toUInt64(18446744073709551615) AS u, toDecimal64('1.100000', 6) AS d,
      toDateTime64('2026-01-02 03:04:05.678', 3, 'UTC') AS t, toDate('2026-01-02') AS day, true AS flag, 7 AS small`);
    expect(rows).toEqual([
      { u: '18446744073709551615', d: '1.1', t: '2026-01-02 03:04:05.678', day: '2026-01-02', flag: true, small: 7 },
    ]);
  });

  test('settings of one query apply to it alone', async () => {
    const sql = "SELECT value FROM system.settings WHERE name = 'join_use_nulls'";
    expect(await warehouse.query(sql, {}, { settings: { join_use_nulls: 1 } })).toEqual([{ value: '1' }]);
    expect(await warehouse.query(sql)).toEqual([{ value: '0' }]);
  });

  test('the id of a query reaches the server', async () => {
    const rows = await warehouse.query('SELECT query_id() AS id', {}, { queryId: 'report-17' });
    expect(rows).toEqual([{ id: 'report-17' }]);
  });

  test('answers stream as CSV, lines and Arrow', async () => {
    const sql = 'SELECT number AS n, {t:String} AS t FROM numbers(2)';
    const params = { t: 'a,"b"' };
    expect(await readText(await warehouse.stream(sql, params, 'CSVWithNames'))).toBe(
      '"n","t"\n0,"a,""b"""\n1,"a,""b"""\n',
    );
    expect(await readText(await warehouse.stream(sql, params, 'JSONEachRow'))).toBe(
      '{"n":"0","t":"a,\\"b\\""}\n{"n":"1","t":"a,\\"b\\""}\n',
    );
    const arrow = tableFromIPC(await warehouse.stream(sql, params, 'ArrowStream'));
    expect((await arrow).numRows).toBe(2);
  });

  test('an error after a million rows is thrown before the stream begins', async () => {
    const sql = 'SELECT throwIf(number = 1500000) AS x FROM numbers(2000000)';
    await expect(warehouse.stream(sql, {}, 'JSONEachRow')).rejects.toSatisfy(isWarehouseError);
    await expect(warehouse.query(sql)).rejects.toSatisfy(isWarehouseError);
  });
});

describe('errors', () => {
  test.each([
    ['missing', 60, 'SELECT * FROM nowhere', {}],
    ['missing', 47, 'SELECT nothing FROM system.one', {}],
    ['rejected', 62, 'SELEKT 1', {}],
    ['bad-data', undefined, 'SELECT {x:UInt8}', { x: 'abc' }],
    ['memory', 241, 'SELECT groupArray(number) FROM numbers(10000000)', {}],
  ])('of kind %s carry ClickHouse code %s', async (kind, code, sql, params) => {
    const error = await failure(warehouse.query(sql, params, { settings: { max_memory_usage: '10000000' } }));
    expect(error).toMatchObject(code === undefined ? { kind } : { kind, code });
  });

  test.each([
    ['SELECT {secret:UInt64}'],
    ['SELECT toUInt64({secret:String})'],
    ['SELECT nothing, {secret:String} FROM system.one'],
    ['SELECT {secret:String} FROM nowhere'],
    ['SELECT throwIf(1, {secret:String})'],
    ['SELECT plus({secret:String}, 1)'],
    ['SELECT toDate({secret:String}) + now() + [1]'],
    ['SELECT {secret:String} AS x, no_such_function(x)'],
    ["SELECT JSONExtract({secret:String}, 'x', 'NoSuchType')"],
    ['SELECT {secret:String} FROM numbers(1) WHERE toDateTime({secret:String}) > 1'],
  ])('never show a value: %s', async (sql) => {
    const secret = 'ivan.petrov@example.com';
    const error = await failure(warehouse.query(sql, { secret }));
    expect(error).toSatisfy(isWarehouseError);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('petrov');
  });

  test('a query that takes too long is ended, on the server too', async () => {
    const sql = 'SELECT sum(sleepEachRow(0.05)) FROM numbers(400) SETTINGS max_block_size = 1';
    const options = { timeoutMs: 200, queryId: `slow-${warehouse.database}` };
    await expect(warehouse.query(sql, {}, options)).rejects.toMatchObject({
      kind: 'timeout',
      message: 'ClickHouse took longer than the query may take (200 ms).',
    });
    const running = 'SELECT count() AS n FROM system.processes WHERE query_id = {id:String}';
    await expect.poll(() => warehouse.query(running, { id: options.queryId })).toEqual([{ n: '0' }]);
  });

  test('a server that is not there is named, with the cure', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const nobody = connectWarehouse({ url, username: 'u', password: 'hidden', database: 'd' });
    expect(await nobody.ping()).toBe(false);
    const error = await failure(nobody.query('SELECT 1'));
    expect(error).toMatchObject({
      name: 'WarehouseError',
      kind: 'unreachable',
      message: `The ClickHouse server cannot be reached at ${url} (ECONNREFUSED). Is it running, and is CLICKHOUSE_URL right?`,
    });
  });

  test('a connection that breaks is unreachable too', async () => {
    const server = createServer((socket) => socket.destroy());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const broken = connectWarehouse({ url: `http://127.0.0.1:${port}`, username: 'u', password: 'p', database: 'd' });
    await expect(broken.query('SELECT 1')).rejects.toMatchObject({ kind: 'unreachable' });
    await broken.close();
    server.close();
  });
});

describe('opening an external server', () => {
  test('CLICKHOUSE_URL gives the server, and the database is created', async () => {
    const { url, username, password } = testServer();
    const address = new URL(url);
    address.username = username;
    address.password = encodeURIComponent(password);
    address.pathname = `/${warehouse.database}_opened`;
    const opened = await openWarehouse({ dataDir: '/nonexistent', env: { CLICKHOUSE_URL: address.href } });
    expect(opened.mode).toBe('external');
    expect(await opened.warehouse.query('SELECT currentDatabase() AS name')).toEqual([
      { name: `${warehouse.database}_opened` },
    ]);
    await opened.warehouse.command(`DROP DATABASE ${warehouse.database}_opened SYNC`);
    await opened.stop();
  });

  test('parts that an address leaves out have their usual values', () => {
    expect(parseClickHouseUrl('https://ch.example:8443')).toEqual({
      server: { url: 'https://ch.example:8443', username: 'default', password: '' },
      database: 'throughline',
    });
    expect(parseClickHouseUrl('http://u%40x:p%3Aq@h:8123/shop')).toEqual({
      server: { url: 'http://h:8123', username: 'u@x', password: 'p:q' },
      database: 'shop',
    });
  });

  test.each([['localhost:8123'], ['tcp://user:secret@host:9000'], ['nonsense secret']])(
    '%s is refused without being repeated',
    (text) => {
      expect(() => parseClickHouseUrl(text)).toThrow(/^CLICKHOUSE_URL is not an address such as (?!.*secret)/);
    },
  );
});

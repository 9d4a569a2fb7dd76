import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { compileOnly, runCompiled } from '../../warehouse/dialect/compile-only.ts';
import { typed } from '../../warehouse/dialect/typed-value.ts';
import { quoteIdentifier, quoteText } from '../../warehouse/quote.ts';
import type { ParamValue, Warehouse } from '../../warehouse/warehouse.ts';
import { emptyWarehouse } from '../support/clickhouse.ts';

const RUNS = { numRuns: 20, seed: 20260101 };
/** Many texts go in one statement: a statement costs more than a text. */
const BATCH = 40;

const db = compileOnly<Record<string, never>>();

const evil = fc.constantFrom(
  "'",
  '"',
  '`',
  '\\',
  "\\'",
  "''",
  '\\N',
  'NULL',
  '\0',
  '\b',
  '\f',
  '\n',
  '\r',
  '\r\n',
  '\t',
  '\u000b',
  '\u001b',
  '\u0085',
  '\u2028',
  '\ufeff',
  '\ufffd',
  '😀',
  'ё',
  'e\u0301',
  '{x:String}',
  '{p1:String}',
  "') OR 1=1 --",
  '; DROP TABLE a; ',
  '/*',
  '*/',
  '--',
  '%',
  '&',
  '+',
  '=',
  '?',
  '#',
  '\\x41',
  '\\u0041',
  '[',
  ']',
  '(',
  ')',
  ',',
  '{',
  '}',
  '$$',
  ' ',
);

const character = fc.integer({ min: 0, max: 0x10_ffff }).filter((point) => point < 0xd800 || point > 0xdfff);

/** Text as an attacker, a careless keyboard or a broken import would send it. */
const nastyText = fc
  .array(
    fc.oneof(
      evil,
      fc.array(character, { maxLength: 3 }).map((points) => String.fromCodePoint(...points)),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

let warehouse: Warehouse;

beforeAll(async () => {
  warehouse = await emptyWarehouse();
});

async function echo(value: ParamValue, type: string): Promise<unknown> {
  const rows = await warehouse.query<{ v: unknown }>(`SELECT {x:${type}} AS v`, { x: value });
  return rows[0]?.v;
}

async function echoPlain(values: readonly unknown[]): Promise<unknown[]> {
  const columns = values.map((value, index) => sql`${value} as ${sql.ref(`c${index}`)}`);
  const rows = await runCompiled<Record<string, unknown>>(
    warehouse,
    sql<Record<string, unknown>>`select ${sql.join(columns)}`.compile(db),
  );
  return values.map((_, index) => rows[0]?.[`c${index}`]);
}

describe('values', () => {
  test('any text comes back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(nastyText, { minLength: 1, maxLength: BATCH }), async (texts) => {
        expect(await echoPlain(texts)).toEqual(texts);
      }),
      RUNS,
    );
  });

  test('lists and maps of any text come back as they were', async () => {
    const key = nastyText.filter((text) => text !== '__proto__');
    await fc.assert(
      fc.asyncProperty(fc.array(nastyText, { maxLength: 24 }), fc.dictionary(key, nastyText), async (list, map) => {
        expect(await echo(list, 'Array(String)')).toEqual(list);
        expect(await echo([list, list], 'Array(Array(String))')).toEqual([list, list]);
        expect(await echo({ ...map }, 'Map(String, String)')).toEqual({ ...map });
      }),
      RUNS,
    );
  });

  test('a text finds exactly itself among other texts', async () => {
    await warehouse.command('CREATE TABLE texts (id UInt32, text String) ENGINE = MergeTree ORDER BY id');
    const texts = [...new Set(fc.sample(nastyText, { numRuns: 300, seed: 7 }))];
    await warehouse.insertRows(
      'texts',
      texts.map((text, id) => ({ id, text })),
    );
    for (const [id, text] of texts.slice(0, 50).entries()) {
      expect(await warehouse.query('SELECT id FROM texts WHERE text = {t:String}', { t: text })).toEqual([{ id }]);
    }
    const all = await warehouse.query<{ n: string }>('SELECT count() AS n FROM texts WHERE text IN {t:Array(String)}', {
      t: texts,
    });
    expect(all).toEqual([{ n: String(texts.length) }]);
  });

  test('a lone surrogate arrives as U+FFFD', async () => {
    expect(await echoPlain(['a\ud800b', '\udfff'])).toEqual(['a\ufffdb', '\ufffd']);
    expect(await echo(['\ud800'], 'Array(String)')).toEqual(['\ufffd']);
    expect(await echo({ '\ud800': '\udc00' }, 'Map(String, String)')).toEqual({ '\ufffd': '\ufffd' });
  });

  test('whole numbers come back to the last digit', async () => {
    const borders = [0n, -1n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 63n, 2n ** 127n - 1n, -(2n ** 127n)];
    const bigints = [...borders, ...fc.sample(fc.bigInt(-(2n ** 127n), 2n ** 127n - 1n), { numRuns: 50, seed: 3 })];
    expect(await echoPlain(bigints)).toEqual(bigints.map(String));
    const safe = [0, 1, -1, 255, 256, 2 ** 31, -(2 ** 31), Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
    expect(await echoPlain(safe)).toEqual(safe.map(String));
  });

  test('other numbers come back as they were', async () => {
    const borders = [0.1, -0.1, 1e21, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** 53, 1 / 3];
    const random = fc.sample(fc.double({ noNaN: true, noDefaultInfinity: true, noInteger: true }), {
      numRuns: 100,
      seed: 5,
    });
    const numbers = [...borders, ...random];
    expect(await echoPlain(numbers)).toEqual(numbers);
  });

  test('flags, instants, decimals and nothing come back as they were', async () => {
    expect(await echoPlain([true, false, null, new Date('2026-01-02T03:04:05.678Z')])).toEqual([
      true,
      false,
      null,
      '2026-01-02 03:04:05.678',
    ]);
    expect(await echo('-123456789012.345678', 'Decimal(18, 6)')).toBe('-123456789012.345678');
    expect(await echo(null, 'Nullable(String)')).toBeNull();
    expect(await echo(['a', null, '\\N', 'NULL'], 'Array(Nullable(String))')).toEqual(['a', null, '\\N', 'NULL']);
    expect(await echo([true, false], 'Array(Bool)')).toEqual([true, false]);
    const [amount] = await echoPlain([1]);
    expect(amount).toBe('1');
    const rows = await runCompiled(warehouse, sql`select ${typed('0.000001', 'Decimal(18, 6)')} as v`.compile(db));
    expect(rows).toEqual([{ v: '0.000001' }]);
  });

  test('a statement without an answer takes values too', async () => {
    await warehouse.command('CREATE TABLE notes (text String) ENGINE = MergeTree ORDER BY text');
    const text = fc.sample(nastyText, { numRuns: 40, seed: 11 }).join('');
    await warehouse.command('INSERT INTO notes SELECT {t:String}', { t: text });
    expect(await warehouse.query('SELECT text FROM notes')).toEqual([{ text }]);
  });
});

describe('names and constant texts', () => {
  test('any text can be a column name', async () => {
    const name = nastyText.filter((text) => text !== '' && text !== '__proto__');
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(name, { minLength: 1, maxLength: BATCH }), async (names) => {
        const row = Object.fromEntries(names.map((text, index) => [text, `x${index}`]));
        const columns = names.map((text, index) => sql`${`x${index}`} as ${sql.id(text)}`);
        expect(await runCompiled(warehouse, sql`select ${sql.join(columns)}`.compile(db))).toEqual([row]);
        const quoted = names.map((text, index) => `'x${index}' AS ${quoteIdentifier(text)}`);
        expect(await warehouse.query(`SELECT ${quoted.join(', ')}`)).toEqual([row]);
      }),
      RUNS,
    );
  });

  test('any text can be a constant', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(nastyText, { minLength: 1, maxLength: BATCH }), async (texts) => {
        const row = Object.fromEntries(texts.map((text, index) => [`c${index}`, text]));
        const quoted = texts.map((text, index) => `${quoteText(text)} AS c${index}`);
        expect(await warehouse.query(`SELECT ${quoted.join(', ')}`)).toEqual([row]);
        const columns = texts.map((text, index) => sql`${sql.lit(text)} as ${sql.ref(`c${index}`)}`);
        expect(await runCompiled(warehouse, sql`select ${sql.join(columns)}`.compile(db))).toEqual([row]);
      }),
      RUNS,
    );
  });

  test('a lone surrogate in a name becomes U+FFFD, and an empty name is refused', async () => {
    expect(await warehouse.query(`SELECT 1 AS ${quoteIdentifier('a\ud800')}`)).toEqual([{ 'a\ufffd': 1 }]);
    expect(() => quoteIdentifier('')).toThrow(RangeError);
  });
});

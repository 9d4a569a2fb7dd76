import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Dispatcher, Pool } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventTypes } from '../../../domain/event.ts';
import { rawEvents } from '../../../warehouse/tables/raw-events.ts';
import { rejected } from '../../../warehouse/tables/raw-records.ts';
import { nowMs, startCollector, type TestCollector } from '../support/test-collector.ts';

/** So many requests share a wait for the disk. */
const atOnce = 20;
const together = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: atOnce, maxLength: atOnce });

let collector: TestCollector;
let pool: Pool;
beforeAll(async () => {
  collector = await startCollector();
  pool = new Pool(collector.url, { connections: atOnce });
});
afterAll(async () => {
  await pool.close();
  await collector.remove();
});

const character = fc.integer({ min: 0, max: 0x10_ffff }).map((point) => String.fromCodePoint(point));
const text = fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: character, maxLength: 40 }));
/** Text as JSON can carry it: lone surrogates too. */
const rawText = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 })
  .map((units) => String.fromCharCode(...units));
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  rawText,
  fc.constantFrom(null, 1e308, -0, 2 ** 53, '__proto__', '\0'),
);
const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(nowMs, nowMs - 1, 0, -1, 1e20, 1e9));
const maybe = <T>(good: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 25, arbitrary: good as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: anything });

/** An address of a page; `fc.webUrl` takes most of a second to be built. */
const address = fc
  .record({
    scheme: fc.constantFrom('http', 'https'),
    host: fc.stringMatching(/^[a-z0-9]{1,12}(\.[a-z][a-z0-9-]{0,8}[a-z0-9])?\.(ru|рф|example|xn--p1ai)(:[0-9]{1,5})?$/),
    path: fc.stringMatching(/^(\/[A-Za-z0-9._~!$&'()*+,;=:@%-]{0,12}){0,3}$/),
    query: fc.stringMatching(/^(\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]{0,30})?$/),
  })
  .map(({ scheme, host, path, query }) => `${scheme}://${host}${path}${query}`);

const event = fc.record(
  {
    id: maybe(fc.uuid()),
    type: maybe(fc.constantFrom(...eventTypes)),
    ts: maybe(fc.integer({ min: nowMs - 6e8, max: nowMs + 8e7 })),
    visit: maybe(fc.uuid()),
    url: maybe(fc.oneof(address, rawText)),
    referrer: maybe(rawText),
    title: maybe(text),
    form: maybe(fc.record({ id: maybe(rawText), name: maybe(text) }, { requiredKeys: [] })),
    order: maybe(
      fc.record({ id: maybe(text), amount: maybe(number), currency: maybe(fc.constantFrom('RUB', 'руб', '$')) }),
    ),
    items: maybe(
      fc.array(fc.record({ id: maybe(text), price: maybe(number), quantity: maybe(number) }, { requiredKeys: [] })),
    ),
    user: maybe(fc.record({ phone: maybe(text), email: maybe(text), id: maybe(number) }, { requiredKeys: [] })),
    props: maybe(fc.dictionary(rawText, anything)),
  },
  { requiredKeys: ['id', 'type', 'ts'] },
);
const body = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      site: maybe(fc.constant('demo')),
      visitor: maybe(fc.uuid()),
      events: maybe(fc.array(maybe(event), { maxLength: 8 })),
    }) as fc.Arbitrary<unknown>,
  },
  { weight: 1, arbitrary: anything },
);
const headers = fc.record(
  {
    cookie: fc.stringMatching(/^tl_vid=[\x20-\x7e]{0,40}$/),
    origin: fc.constantFrom('https://shop.example', 'https://shop.example', 'https://shop.example', 'null', 'http://['),
    'x-forwarded-for': fc.stringMatching(/^[0-9a-f:., ]{0,30}$/),
  },
  { requiredKeys: [] },
);

const statuses = [200, 400, 403, 413];

async function statusOf(options: Omit<Dispatcher.RequestOptions, 'path' | 'method'>): Promise<number> {
  const answer = await pool.request({ ...options, path: '/collect', method: 'POST' });
  await answer.body.dump();
  return answer.statusCode;
}

test('no body makes the collector fail, and every row on disk fits its table', async () => {
  await fc.assert(
    fc.asyncProperty(together(fc.tuple(body, headers)), async (sent) => {
      const answered = await Promise.all(
        sent.map(([value, sentHeaders]) => statusOf({ body: JSON.stringify(value) ?? '', headers: sentHeaders })),
      );
      expect(statuses).toEqual(expect.arrayContaining(answered));
    }),
    { numRuns: 50, seed: 7 },
  );
  await checkRows('events', Object.keys(rawEvents.columns));
  await checkRows('rejected', Object.keys(rejected.columns));
});

async function checkRows(stream: string, columns: readonly string[]): Promise<void> {
  const folder = join(collector.dir, 'spool', stream);
  let rows = 0;
  for (const name of await readdir(folder)) {
    for (const line of (await readFile(join(folder, name), 'utf8')).split('\n').slice(0, -1)) {
      rows += 1;
      const row: Record<string, unknown> = JSON.parse(line);
      expect(Object.keys(row).filter((key) => !columns.includes(key))).toEqual([]);
      expect(
        line.isWellFormed() && !/(?<!\\)(\\\\)*\\ud[89a-f]/.test(line.replace(/\\ud[89ab]..\\ud[c-f]../g, '')),
      ).toBe(true);
    }
  }
  expect(rows).toBeGreaterThan(100);
}

test('bytes that are no text at all are answered with 400', async () => {
  await fc.assert(
    fc.asyncProperty(together(fc.uint8Array({ minLength: 1, maxLength: 200 })), async (sent) => {
      const answered = await Promise.all(sent.map((bytes) => statusOf({ body: Buffer.from(bytes) })));
      expect(new Set(answered)).toEqual(new Set([400]));
    }),
    { numRuns: 15, seed: 7 },
  );
});

test('no address of the pixel makes it fail', async () => {
  const query = fc.dictionary(
    fc.constantFrom('site', 'url', 'visitor', 'id', 'title', 'type', 'x'),
    fc.oneof(fc.constant('demo'), text),
  );
  await fc.assert(
    fc.asyncProperty(together(query), async (asked) => {
      const answered = await Promise.all(asked.map(pixelBytes));
      expect(new Set(answered)).toEqual(new Set([43]));
    }),
    { numRuns: 15, seed: 7 },
  );
});

async function pixelBytes(parameters: Record<string, string>): Promise<number> {
  const answer = await pool.request({ path: `/collect.gif?${new URLSearchParams(parameters)}`, method: 'GET' });
  return (await answer.body.arrayBuffer()).byteLength;
}

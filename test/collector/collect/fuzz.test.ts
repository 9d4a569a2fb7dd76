import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Dispatcher, Pool } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rawEvents } from '../../../warehouse/tables/raw-events.ts';
import { rejected } from '../../../warehouse/tables/raw-records.ts';
import { nowMs, startCollector, type TestCollector } from '../support/test-collector.ts';
import { bodyAround, headers, text } from './hostile-bodies.ts';

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

const statuses = [200, 400, 403, 413];

async function statusOf(options: Omit<Dispatcher.RequestOptions, 'path' | 'method'>): Promise<number> {
  const answer = await pool.request({ ...options, path: '/collect', method: 'POST' });
  await answer.body.dump();
  return answer.statusCode;
}

test('no body makes the collector fail, and every row on disk fits its table', async () => {
  await fc.assert(
    fc.asyncProperty(together(fc.tuple(bodyAround(nowMs), headers)), async (sent) => {
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

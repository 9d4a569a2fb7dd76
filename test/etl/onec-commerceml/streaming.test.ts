import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { importCommerceml } from '../../../etl/sources/onec-commerceml/import-commerceml.ts';
import { type ExchangePart, readUnits } from '../../../etl/sources/onec-commerceml/read-units.ts';
import { fixture, importFile, order, requisites } from './exchange.ts';

async function* chunks(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const places = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  for (const [index, start] of places.slice(0, -1).entries()) yield bytes.subarray(start, places[index + 1]);
}

const partsOf = async (bytes: Uint8Array, cuts: readonly number[]): Promise<ExchangePart[]> => {
  const parts: ExchangePart[] = [];
  for await (const part of readUnits(chunks(bytes, cuts), 'orders.xml')) parts.push(part);
  return parts;
};

async function sameHoweverSplit(bytes: Uint8Array): Promise<void> {
  const whole = await partsOf(bytes, []);
  const cuts = fc.array(fc.nat({ max: bytes.length }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(cuts, async (places) => {
      expect(await partsOf(bytes, places)).toEqual(whole);
    }),
    { numRuns: 60, seed: 7 },
  );
}

describe('splitting of the byte stream', () => {
  test('changes nothing in a file in UTF-8', async () => {
    await sameHoweverSplit(await readFile(fixture('container-3.1.xml')));
  });

  test('changes nothing in a file in windows-1251', async () => {
    const text = (await readFile(fixture('site-orders-2.05.xml'), 'utf8')).replace('UTF-8', 'windows-1251');
    await sameHoweverSplit(iconv.encode(text, 'win1251'));
  });

  test('changes nothing in a file with a byte order mark and broken bytes', async () => {
    const bytes = Buffer.concat([Buffer.from('\ufeff'), await readFile(fixture('site-orders-2.05.xml'))]);
    const start = bytes.indexOf('Позвоните');
    for (const [index, broken] of [0xff, 0xd0, 0xe2, 0xf0, 0x80, 0x02].entries()) bytes[start + index * 2] = broken;
    await sameHoweverSplit(bytes);
  });

  test('byte by byte gives the same as at once', async () => {
    const bytes = await readFile(fixture('site-orders-2.05.xml'));
    const everywhere = Array.from({ length: bytes.length - 1 }, (_, index) => index + 1);
    expect(await partsOf(bytes, everywhere)).toEqual(await partsOf(bytes, []));
  });
});

test('a file of 30 MB is read in batches with memory that does not grow with it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'onec-'));
  const path = join(folder, 'orders.xml');
  try {
    const documents = 25_000;
    const out = createWriteStream(path);
    out.write('<?xml version="1.0" encoding="UTF-8"?><КоммерческаяИнформация ВерсияСхемы="2.05">');
    const padding = requisites({ Прочее: 'я'.repeat(300) });
    for (let id = 0; id < documents; id += 1)
      if (!out.write(order(padding, { Ид: `${id}`, Номер: `${id}` }))) await once(out, 'drain');
    out.end('</КоммерческаяИнформация>');
    await finished(out);
    let [largestBatch, heaviestMb] = [0, 0];
    const result = await importCommerceml({
      path,
      filename: 'orders.xml',
      sourceId: 'onec',
      settings: { login: '1c', password: 'secret-1c' },
      timezone: 'Europe/Moscow',
      currency: 'RUB',
      write: async (rows) => {
        largestBatch = Math.max(largestBatch, rows.length);
        heaviestMb = Math.max(heaviestMb, process.memoryUsage().heapUsed / 2 ** 20);
      },
    });
    expect(result).toMatchObject({ documents, deals: documents, problems: 0 });
    expect(largestBatch).toBeLessThan(520);
    expect(heaviestMb).toBeLessThan(400);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the same file gives the same records again', async () => {
  const path = fixture('site-orders-2.05.xml');
  expect((await importFile(path)).rows).toEqual((await importFile(path)).rows);
});

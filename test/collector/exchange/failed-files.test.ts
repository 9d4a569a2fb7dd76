import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ImportFile } from '../../../collector/create-collector.ts';
import { type Upload, Uploads } from '../../../collector/exchange/uploads.ts';
import { failed, ok } from '../../../domain/result.ts';
import { silentLogger } from '../../../warehouse/logger.ts';

let dir: string;
let tried: string[];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'throughline-failed-'));
  tried = [];
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const takeAll: ImportFile = async ({ filename, path }) => {
  tried.push(`${filename}: ${await readFile(path, 'utf8')}`);
  return ok({ records: 1, rejected: 0 });
};
const takeNone: ImportFile = async (file) => {
  await takeAll(file);
  return failed('malformed', file.filename, 'line 1');
};
const uploadsWith = (importFile: ImportFile) => new Uploads({ dir, sourceId: '1c', importFile, logger: silentLogger });

async function send(uploads: Uploads, numbers: readonly number[]): Promise<Upload[]> {
  const sent = numbers.map((number) => uploads.begin('0'.repeat(32), `заказы ${number}.xml`));
  for (const upload of sent) {
    await uploads.append(upload, Readable.from([Buffer.from(`<a>${upload.filename}</a>`)]), 1000);
    await uploads.import(upload);
  }
  return sent;
}
const kept = () => readdir(join(dir, 'failed'));
const upTo = (count: number) => Array.from({ length: count }, (_none, index) => index);

test('every file that 1C was told has come is kept until it can be imported, in the order in which it came', async () => {
  await send(uploadsWith(takeNone), upTo(25));
  expect(await kept()).toHaveLength(25);
  tried = [];
  await uploadsWith(takeAll).resume();
  expect(tried).toEqual(upTo(25).map((number) => `заказы ${number}.xml: <a>заказы ${number}.xml</a>`));
  expect(await kept()).toEqual([]);
});

test('a file that is really broken is tried once at each start and stays', async () => {
  await send(uploadsWith(takeNone), [1]);
  const [name] = await kept();
  for (let start = 0; start < 2; start += 1) {
    tried = [];
    await uploadsWith(takeNone).resume();
    expect(tried).toHaveLength(1);
    expect(await kept()).toEqual([name]);
  }
});

test('of the files that 1C heard had failed, and sends again, the last 20 are kept', async () => {
  const uploads = uploadsWith(takeNone);
  const [untold, ...told] = await send(uploads, upTo(23));
  for (const upload of told) for (const _twice of [1, 2]) await uploads.told(upload);
  expect(await kept()).toHaveLength(21);
  tried = [];
  await uploadsWith(takeAll).resume();
  expect(tried.map((text) => text.split(':')[0])).toEqual([untold, ...told.slice(2)].map((upload) => upload?.filename));
});

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildModule, buildTracker } from '../../tracker-snippet/build.mjs';

let folder: string;
let script: string;
let sizes: { bytes: number; brotliBytes: number };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'throughline-tracker-'));
  sizes = await buildTracker({ outFile: join(folder, 't.js') });
  script = readFileSync(join(folder, 't.js'), 'utf8');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the script stays inside its budget of 4.5 KB in brotli, and lies beside the second one', async () => {
  expect(sizes.bytes).toBe(Buffer.byteLength(script));
  expect(sizes.brotliBytes).toBeGreaterThan(1000);
  expect(sizes.brotliBytes).toBeLessThanOrEqual(4608);
  expect(readFileSync(join(folder, 't-more.js'), 'utf8')).toContain('throughline');
});

test('a script over the budget is refused by its size', async () => {
  await expect(buildTracker({ outFile: join(folder, 'over.js'), budgetBytes: 100 })).rejects.toThrow(
    new RegExp(`${sizes.brotliBytes} bytes.*budget of 100`),
  );
});

test('the script is one closed block without eval, for browsers of 2017', () => {
  expect(script).toMatch(/^\(\(\)=>\{/);
  expect(script).not.toMatch(/\beval\(|new Function|\?\.[a-z]|\?\?/);
});

test('the module can be loaded on a server, where it does nothing, and has its types beside it', async () => {
  const file = join(folder, 'tracker.mjs');
  await buildModule({ outFile: file });
  const { start, throughline } = await import(pathToFileURL(file).href);
  start({ site: 'demo', endpoint: 'https://stats.shop.test/collect' });
  expect(throughline('checkout')).toBeUndefined();
  expect(readFileSync(join(folder, 'tracker.d.mts'), 'utf8')).toMatch(
    /export declare function start\(options: Options/,
  );
});

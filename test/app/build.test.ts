import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { fingerprint, putInPlace } from '../../app/build-in-place.mjs';
import { bundleProgram } from '../../app/bundle.mjs';

const root = join(import.meta.dirname, '../..');
const dir = mkdtempSync(join(tmpdir(), 'throughline-build-'));
afterAll(() => rmSync(dir, { recursive: true }));

function write(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, folder, name)), { recursive: true });
    writeFileSync(join(dir, folder, name), text);
  }
  return join(dir, folder);
}

test('a new build takes the place of the old one file by file: who reads an old file reads it to its end', () => {
  const old = write('old', { 'app/a.js': 'old a', 'app/same.js': 'same', 'app/gone.js': 'gone' });
  const fresh = write('fresh', { 'app/a.js': 'new a', 'app/same.js': 'same', 'etl/b.sql': 'new b' });
  const reader = openSync(join(old, 'app/a.js'), 'r');
  const same = statSync(join(old, 'app/same.js')).ino;
  putInPlace(fresh, old);
  expect(readFileSync(reader, 'utf8')).toBe('old a');
  closeSync(reader);
  expect(readFileSync(join(old, 'app/a.js'), 'utf8')).toBe('new a');
  expect(readFileSync(join(old, 'etl/b.sql'), 'utf8')).toBe('new b');
  expect(statSync(join(old, 'app/same.js')).ino).toBe(same);
  expect([existsSync(join(old, 'app/gone.js')), existsSync(fresh)]).toEqual([false, false]);
});

test('sources are the same until a file of them changes, comes or goes', () => {
  const sources = write('sources', { 'etl/a.ts': 'a', 'etl/b.sql': 'b', 'lock.json': '{}' });
  const print = (): string => fingerprint(sources, ['etl', 'lock.json']);
  const first = print();
  expect(print()).toBe(first);
  write('sources', { 'etl/b.sql': 'c' });
  const changed = print();
  write('sources', { 'etl/c.ts': '' });
  const grown = print();
  rmSync(join(sources, 'etl/c.ts'));
  expect(new Set([first, changed, grown]).size).toBe(3);
  expect(print()).toBe(changed);
});

test('building what is built already touches nothing', () => {
  const build = () => spawnSync(process.execPath, [join(root, 'app/build.mjs')], { encoding: 'utf8' });
  const files = () =>
    readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' }).map((name) => {
      const { ino, mtimeMs } = statSync(join(root, 'dist', name));
      return `${name} ${ino} ${mtimeMs}`;
    });
  expect(build().status).toBe(0);
  const before = files();
  expect(build()).toMatchObject({ status: 0, stdout: '', stderr: '' });
  expect(files()).toEqual(before);
});

test('the tag of a build lies beside itself compressed, each form smaller than the next', () => {
  const [plain, gzip, brotli] = ['', '.gz', '.br'].map((ending) =>
    readFileSync(join(root, 'dist/tracker-snippet/t.js') + ending),
  );
  if (!plain || !gzip || !brotli) throw new Error('the build left no tag');
  expect(gunzipSync(gzip).equals(plain)).toBe(true);
  expect(brotliDecompressSync(brotli).equals(plain)).toBe(true);
  expect([brotli.length < gzip.length, gzip.length < plain.length]).toEqual([true, true]);
});

test('the program is read from few files, and its modules find what lies beside them where they lay', async () => {
  const built = write('program', {
    'package.json': '{"type":"module"}',
    'node_modules/counting/package.json': '{"name":"counting","main":"index.js"}',
    'node_modules/counting/index.js':
      "const { sep } = require('node:path'); exports.count = (text) => text.length + sep;",
    'etl/stages/stage.js':
      "import { readFileSync } from 'node:fs';\nexport const sql = () => readFileSync(new URL('./stage.sql', import.meta.url), 'utf8');",
    'etl/stages/stage.sql': 'SELECT 1',
    'app/late.js': "export { sql } from '../etl/stages/stage.js';",
    'app/throughline.js':
      "import { count } from 'counting';\nimport { sql } from '../etl/stages/stage.js';\nconst late = await import('./late.js');\nprocess.stdout.write(`${sql()} ${late.sql()} ${count('four')}`);",
  });
  await bundleProgram(built);
  for (const gone of ['node_modules', 'etl/stages/stage.js', 'app/late.js'])
    rmSync(join(built, gone), { recursive: true });
  const { stdout, stderr } = spawnSync(process.execPath, [join(built, 'app/throughline.js')], { encoding: 'utf8' });
  expect([stdout, stderr]).toEqual(['SELECT 1 SELECT 1 4/', '']);
});

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
import { afterAll, expect, test } from 'vitest';
import { fingerprint, putInPlace } from '../../app/build-in-place.mjs';

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

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const folders = [
  'domain',
  'tracker-snippet',
  'warehouse',
  'collector',
  'etl',
  'reports',
  'dashboard',
  'app',
  'test',
  'bench',
] as const;
type Folder = (typeof folders)[number];

/** What each folder may import of ours beside itself. The data flows one way, and so do the imports. */
const allowed: Readonly<Record<Folder, readonly Folder[]>> = {
  domain: [],
  'tracker-snippet': [],
  warehouse: ['domain'],
  collector: ['domain', 'warehouse'],
  etl: ['domain', 'warehouse'],
  reports: ['domain', 'warehouse'],
  dashboard: [],
  app: ['domain', 'warehouse', 'collector', 'etl', 'reports', 'tracker-snippet', 'dashboard'],
  test: ['domain', 'warehouse', 'collector', 'etl', 'reports', 'tracker-snippet', 'dashboard', 'app', 'bench'],
  bench: ['domain', 'warehouse', 'collector', 'etl', 'reports', 'app', 'test'],
};

/** Types alone may be shared where code may not. */
const allowedTypes: Partial<Record<Folder, readonly string[]>> = {
  'tracker-snippet': ['domain/event.ts'],
  dashboard: ['reports/contract.ts'],
};

/** The demo is a command of the product and needs the made-up shop. */
const demoMayImport = (file: string, target: string): boolean =>
  file.startsWith('app/demo/') && target.startsWith('test/simulator/');

interface Import {
  readonly file: string;
  readonly target: string;
  readonly isType: boolean;
}

const files = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => /\.(ts|tsx|mts|mjs)$/.test(path) && !path.includes('node_modules')),
);

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const statements = text.matchAll(
    /^\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'(\.[^']+)'|\bimport\(\s*'(\.[^']+)'\s*\)/gm,
  );
  return [...statements].map(([, type, from, dynamic]) => ({
    file,
    target: normalize(join(dirname(file), from ?? dynamic ?? '')),
    isType: type !== undefined,
  }));
}

const all = files.flatMap(importsOf);
const folderOf = (path: string): Folder | undefined => folders.find((folder) => path.startsWith(`${folder}/`));

function isAllowed({ file, target, isType }: Import): boolean {
  const [from, to] = [folderOf(file), folderOf(target)];
  if (from === undefined || to === undefined || from === to) return true;
  if (demoMayImport(file, target)) return true;
  if (isType && allowedTypes[from]?.includes(target)) return true;
  return allowed[from].includes(to);
}

describe('the structure', () => {
  test('imports follow the arrows of the design', () => {
    expect(all.length).toBeGreaterThan(200);
    expect(all.filter((found) => !isAllowed(found)).map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  test('the arrow test sees a wrong arrow', () => {
    expect(isAllowed({ file: 'etl/pull.ts', target: 'collector/spool.ts', isType: false })).toBe(false);
    expect(isAllowed({ file: 'domain/money.ts', target: 'warehouse/table.ts', isType: true })).toBe(false);
    expect(isAllowed({ file: 'app/commands/up.ts', target: 'test/simulator/world.ts', isType: false })).toBe(false);
  });

  test('the simulator knows nothing of the product', () => {
    const foreign = all.filter(
      ({ file, target }) => file.startsWith('test/simulator/') && !target.startsWith('test/simulator/'),
    );
    expect(foreign).toEqual([]);
  });

  test('no import goes round in a circle', () => {
    const code = all.filter(({ isType }) => !isType);
    const targetsOf = (file: string): string[] =>
      code.filter((found) => found.file === file).map(({ target }) => target);
    const finished = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      if (finished.has(file) || path.includes(file)) return;
      for (const target of targetsOf(file)) visit(target, [...path, file]);
      finished.add(file);
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });

  test('every import of ours names a file that is there', () => {
    const known = new Set(files.map((file) => normalize(file)));
    const missing = all.filter(
      ({ target }) => /\.(ts|mjs|mts)$/.test(target) && folderOf(target) !== undefined && !known.has(target),
    );
    expect(missing.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  test('no file of the product is longer than 300 lines', () => {
    const long = files
      .filter((file) => !file.startsWith('test/') && !file.startsWith('bench/'))
      .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length - 1 }))
      .filter(({ lines }) => lines > 300);
    expect(long).toEqual([]);
  });

  test('every file is named in kebab-case', () => {
    expect(files.map((file) => relative('.', file)).filter((file) => /[^a-z0-9./-]/.test(file))).toEqual([]);
  });

  test('every transformation says what one row is', () => {
    const sql = readdirSync(join(root, 'etl/stages'), { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.sql'),
    );
    const silent = sql.filter(
      (path) => !readFileSync(join(root, 'etl/stages', path), 'utf8').startsWith('-- One row is '),
    );
    expect(sql.length).toBeGreaterThan(20);
    expect(silent).toEqual([]);
  });
});

// Builds everything that runs: TypeScript to dist/ (same tree), the files that lie beside it, the tracker and the dashboard.
// A product that runs from dist/ meanwhile is not disturbed: nothing is touched when dist/ is up to date, else each file is replaced in one step.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildDashboard } from '../dashboard/build.mjs';
import { buildModule, buildTracker } from '../tracker-snippet/build.mjs';
import { fingerprint, putInPlace } from './build-in-place.mjs';
import { bundleProgram } from './bundle.mjs';
import { compressBeside } from './compress.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const fresh = join(root, `dist.${process.pid}`);
const stamp = '.built';
const folders = ['domain', 'warehouse', 'collector', 'etl', 'reports', 'app', 'test/simulator', 'bench'];
const besides = new Set(['.sql', '.mjs', '.html', '.css', '.json']);
const inputs = [
  ...folders,
  'tracker-snippet',
  'dashboard',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
];

function compile() {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const options = ['-p', join(root, 'tsconfig.build.json'), '--outDir', fresh];
  const { status } = spawnSync(process.execPath, [tsc, ...options], { stdio: 'inherit' });
  return status ?? 1;
}

function copyBesides(folder) {
  if (!existsSync(join(root, folder))) return;
  for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !besides.has(extname(entry.name))) continue;
    const path = join(entry.parentPath, entry.name);
    cpSync(path, join(fresh, path.slice(root.length + 1)));
  }
}

async function build(mark) {
  const status = compile();
  if (status !== 0) return status;
  for (const folder of folders) copyBesides(folder);
  await bundleProgram(fresh);
  const snippet = join(fresh, 'tracker-snippet');
  const { brotliBytes } = await buildTracker({ outFile: join(snippet, 't.js') });
  for (const name of readdirSync(snippet)) if (name.endsWith('.js')) compressBeside(join(snippet, name));
  await buildModule({ outFile: join(snippet, 'tracker.js') });
  await buildDashboard({ outDir: join(fresh, 'dashboard') });
  // The mark comes last: a build that was cut off is made again.
  rmSync(join(dist, stamp), { force: true });
  putInPlace(fresh, dist);
  writeFileSync(join(dist, stamp), mark);
  console.error(`built: tracker ${(brotliBytes / 1024).toFixed(1)} KB (brotli)`);
  return 0;
}

const mark = fingerprint(root, inputs);
const built = existsSync(join(dist, stamp)) ? readFileSync(join(dist, stamp), 'utf8') : undefined;
if (built !== mark) {
  try {
    process.exitCode = await build(mark);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

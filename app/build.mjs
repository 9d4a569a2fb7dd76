// Builds everything that runs: TypeScript to dist/ (same tree), the files that lie beside it, the tracker and the dashboard.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildDashboard } from '../dashboard/build.mjs';
import { buildTracker } from '../tracker-snippet/build.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const folders = ['domain', 'warehouse', 'collector', 'etl', 'reports', 'app', 'test/simulator', 'bench'];
const besides = new Set(['.sql', '.mjs', '.html', '.css', '.json']);

function compile() {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

function copyBesides(folder) {
  if (!existsSync(join(root, folder))) return;
  for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !besides.has(extname(entry.name))) continue;
    const path = join(entry.parentPath, entry.name);
    cpSync(path, join(dist, path.slice(root.length + 1)));
  }
}

compile();
for (const folder of folders) copyBesides(folder);
const { brotliBytes } = await buildTracker({ outFile: join(dist, 'tracker-snippet', 't.js') });
await buildDashboard({ outDir: join(dist, 'dashboard') });
console.error(`built: tracker ${(brotliBytes / 1024).toFixed(1)} KB (brotli)`);

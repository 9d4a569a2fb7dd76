import { cp, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));

/**
 * Builds the dashboard: index.html, dashboard.css and dashboard.js into one folder.
 * @param {{ outDir: string }} options
 * @returns {Promise<void>}
 */
export async function buildDashboard({ outDir }) {
  await mkdir(outDir, { recursive: true });
  await build({
    entryPoints: [join(here, 'dashboard.ts')],
    outfile: join(outDir, 'dashboard.js'),
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    logLevel: 'silent',
  });
  for (const file of ['index.html', 'dashboard.css']) await cp(join(here, file), join(outDir, file));
}

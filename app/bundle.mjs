// Joins the built program and the packages that it uses into a few files: reading some 1,600 of them took most of the time in which a command starts.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { build } from 'esbuild';

/** What a package in CommonJS asks for at run time, such as a module of Node. */
const requireForPackages =
  "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);";

/** A module of ours goes on finding the files beside it: it is told where it lies, not where the bundle does. */
const keepPlaces = (folder, from) => ({
  name: 'keep-places',
  setup(bundle) {
    bundle.onLoad({ filter: /\.js$/ }, async ({ path }) => {
      if (!path.startsWith(folder + sep)) return undefined;
      const place = JSON.stringify(relative(from, path).replaceAll(sep, '/'));
      const text = await readFile(path, 'utf8');
      return { contents: text.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`) };
    });
  },
});

/**
 * Replaces the programs of a built tree, in `app/`, by such that need no other module, but for parts of them in `app/part-….js`,
 * native packages, and the browser of the demo, which not every machine has.
 * @param {string} folder the built tree, such as dist/
 * @param {readonly string[]} external packages to leave where they are
 */
export async function bundleProgram(folder, external = ['chdb', 'ffi-rs', 'playwright-core', '@sparticuz/chromium']) {
  const programs = ['throughline.js', 'collector-worker.js']
    .map((name) => join(folder, 'app', name))
    .filter(existsSync);
  await build({
    absWorkingDir: folder,
    entryPoints: programs,
    outdir: join(folder, 'app'),
    allowOverwrite: true,
    bundle: true,
    splitting: true,
    chunkNames: 'part-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    sourcesContent: false,
    external: [...external],
    plugins: [keepPlaces(folder, join(folder, 'app'))],
    banner: { js: requireForPackages },
    logLevel: 'warning',
  });
}

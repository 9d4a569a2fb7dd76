import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'esbuild';
import { minify } from 'terser';

const here = dirname(fileURLToPath(import.meta.url));

/** What the script that every page loads may weigh on the wire. */
const usualBudgetBytes = 4.5 * 1024;

/** esbuild keeps a named number or text at the top of a file as a variable; written in place it is smaller in brotli. */
const inlineConstants = {
  name: 'inline-constants',
  setup(builder) {
    builder.onLoad({ filter: /tracker-snippet[\\/][^\\/]+\.ts$/ }, async ({ path }) => {
      let contents = await readFile(path, 'utf8');
      for (const [line, name, value] of contents.matchAll(/^const (\w+) = ([\d_* .]+|'[^']*');$/gm)) {
        const uses = new RegExp(`(?<![.\\w])${name}(?!\\w)`, 'g');
        contents = contents.replace(line, '').replace(uses, () => (value.includes('*') ? `(${value})` : value));
      }
      return { contents, loader: 'ts' };
    });
  },
};

const common = {
  bundle: true,
  target: 'es2017',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'silent',
  // Without "use strict": nothing of ours depends on it.
  tsconfigRaw: { compilerOptions: { alwaysStrict: false } },
  // Names of our own that leave neither the page nor the script.
  mangleProps: /^(openPage|learn)$/,
  plugins: [inlineConstants],
};

// What terser may do because of how the sources are written: no getter has effects, and no literal true or false is compared or sent.
const smallest = {
  ecma: 2017,
  toplevel: true,
  compress: {
    passes: 3,
    inline: 1,
    hoist_funs: true,
    keep_fargs: false,
    booleans_as_integers: true,
    unsafe: true,
    unsafe_arrows: true,
    unsafe_comps: true,
  },
};

async function bundle(entry, outFile) {
  const { outputFiles } = await build({ ...common, entryPoints: [join(here, entry)], format: 'iife', write: false });
  const { code } = await minify(outputFiles[0].text, smallest);
  const script = Buffer.from(code);
  await mkdir(dirname(outFile), { recursive: true });
  await writeFile(outFile, script);
  const options = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: script.length } };
  return { bytes: script.length, brotliBytes: brotliCompressSync(script, options).length };
}

/** Where the second script lies: the first one asks for it beside itself. */
export const secondOf = (outFile) => outFile.replace(/\.js$/, '-more.js');

/**
 * Bundles the snippet into the minified script that pages embed, and beside it the second one, which the first loads where a page has
 * something for it.
 * @param {{ outFile: string, budgetBytes?: number }} options
 * @returns {Promise<{ bytes: number, brotliBytes: number, more: { bytes: number, brotliBytes: number } }>} sizes of the scripts, plain
 *   and as a server compresses them
 * @throws when the script that pages embed is over its budget, compressed
 */
export async function buildTracker({ outFile, budgetBytes = usualBudgetBytes }) {
  const sizes = await bundle('tag.ts', outFile);
  if (sizes.brotliBytes > budgetBytes) {
    throw new Error(
      `The tracker is ${sizes.brotliBytes} bytes in brotli, over its budget of ${budgetBytes}: make it smaller.`,
    );
  }
  return { ...sizes, more: await bundle('more-tag.ts', secondOf(outFile)) };
}

/** Bundles both scripts as an ES module with its types beside it, `throughline/tracker` of the package. */
export async function buildModule({ outFile }) {
  await build({
    ...common,
    minify: true,
    entryPoints: [join(here, 'module.ts')],
    outfile: outFile,
    format: 'esm',
  });
  const options = (await readFile(join(here, 'config.ts'), 'utf8')).split('/** What the tag tells of itself')[0];
  const calls = await readFile(join(here, 'module-types.d.ts'), 'utf8');
  await writeFile(outFile.replace(/\.(m?)js$/, '.d.$1ts'), options + calls.replace(/^import .*\n\n/, ''));
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const folder = argv[2] ?? join(here, '..', 'dist', 'tracker-snippet');
  const { bytes, brotliBytes, more } = await buildTracker({ outFile: join(folder, 't.js') });
  console.log(`t.js: ${bytes} bytes, ${brotliBytes} in brotli`);
  console.log(`t-more.js: ${more.bytes} bytes, ${more.brotliBytes} in brotli`);
  await buildModule({ outFile: join(folder, 'tracker.js') });
}

import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));

/** What a script may weigh on the wire: it is loaded by every page of a shop. */
const usualBudgetBytes = 4.5 * 1024;
const fullBudgetBytes = 5.75 * 1024;

/** Names of our own objects' properties; those of the wire, of storage and of the DOM stay. */
const ownProperties = /^(signature|continues|spoken|tags)$/;

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
  minify: true,
  target: 'es2017',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'silent',
  mangleProps: ownProperties,
  plugins: [inlineConstants],
};

/**
 * Bundles the snippet into one minified script without exports.
 * @param {{ outFile: string, isFull?: boolean, budgetBytes?: number }} options `isFull`: with what not every shop needs
 * @returns {Promise<{ bytes: number, brotliBytes: number }>} sizes of the script, plain and as a server compresses it
 * @throws when the compressed script is over its budget
 */
export async function buildTracker({ outFile, isFull = false, budgetBytes }) {
  const budget = budgetBytes ?? (isFull ? fullBudgetBytes : usualBudgetBytes);
  await build({
    ...common,
    entryPoints: [join(here, 'tag.ts')],
    outfile: outFile,
    format: 'iife',
    define: { FULL: String(isFull) },
  });
  const script = await readFile(outFile);
  const options = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: script.length } };
  const brotliBytes = brotliCompressSync(script, options).length;
  if (brotliBytes > budget) {
    throw new Error(`The tracker is ${brotliBytes} bytes in brotli, over its budget of ${budget}: make it smaller.`);
  }
  return { bytes: script.length, brotliBytes };
}

/** Bundles the full snippet as an ES module with its types beside it, `throughline/tracker` of the package. */
export async function buildModule({ outFile }) {
  await build({
    ...common,
    entryPoints: [join(here, 'module.ts')],
    outfile: outFile,
    format: 'esm',
    define: { FULL: 'true' },
  });
  const options = (await readFile(join(here, 'config.ts'), 'utf8')).split('/** Settings of the running page')[0];
  const calls = await readFile(join(here, 'module-types.d.ts'), 'utf8');
  await writeFile(outFile.replace(/\.(m?)js$/, '.d.$1ts'), options + calls.replace(/^import .*\n\n/, ''));
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const folder = argv[2] ?? join(here, '..', 'dist', 'tracker-snippet');
  for (const [name, isFull] of [
    ['t.js', false],
    ['t-full.js', true],
  ]) {
    const outFile = join(folder, name);
    const { bytes, brotliBytes } = await buildTracker({ outFile, isFull });
    console.log(`${outFile}: ${bytes} bytes, ${brotliBytes} in brotli`);
  }
  await buildModule({ outFile: join(folder, 'tracker.js') });
}

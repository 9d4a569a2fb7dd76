import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));

/** What the snippet may weigh on the wire: it is loaded by every page of a shop. */
const usualBudgetBytes = 4.5 * 1024;

/**
 * Bundles the snippet into one minified script without exports.
 * @param {{ outFile: string, budgetBytes?: number }} options
 * @returns {Promise<{ bytes: number, brotliBytes: number }>} sizes of the script, plain and as a server compresses it
 * @throws when the compressed script is over its budget
 */
export async function buildTracker({ outFile, budgetBytes = usualBudgetBytes }) {
  await build({
    entryPoints: [join(here, 'tracker.ts')],
    outfile: outFile,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2017',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
  });
  const script = await readFile(outFile);
  const options = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: script.length } };
  const brotliBytes = brotliCompressSync(script, options).length;
  if (brotliBytes > budgetBytes) {
    throw new Error(
      `The tracker is ${brotliBytes} bytes in brotli, over its budget of ${budgetBytes}: make it smaller.`,
    );
  }
  return { bytes: script.length, brotliBytes };
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const outFile = argv[2] ?? join(here, '..', 'dist', 'tracker-snippet', 't.js');
  const { bytes, brotliBytes } = await buildTracker({ outFile });
  console.log(`${outFile}: ${bytes} bytes, ${brotliBytes} in brotli`);
}

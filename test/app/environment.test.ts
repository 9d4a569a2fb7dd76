import { randomUUID } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { pageviews, totals } from './support/ask.ts';
import { runHere } from './support/command-line.ts';
import { Product, plainConfig } from './support/product.ts';
import { waitFor } from './support/wait-for.ts';

let product: Product;

afterEach(() => product.remove());

/** Those of the files and folders that others of the machine may read or write; what goes meanwhile does not count. */
async function openToOthers(dir: string, names: readonly string[]): Promise<string[]> {
  const modes = await Promise.all(
    names.map((name) =>
      stat(join(dir, name)).then(
        ({ mode }) => mode,
        () => 0,
      ),
    ),
  );
  return names.filter((_, index) => ((modes[index] ?? 0) & 0o077) !== 0);
}

test('without a configuration file the site key is printed, kept, and pages of this machine may send', async () => {
  product = await Product.create('');
  const first = await product.up();
  expect(first.output.stdout).toContain('No configuration file: project "default"');
  const tag = new RegExp(`<script async src="${first.url}/t.js" data-site="(site_[0-9a-f]{12})"></script>`);
  const key = tag.exec(first.output.stdout)?.[1] ?? '';
  expect(key).not.toBe('');
  expect((await fetch(`${first.url}/t.js`)).status).toBe(200);
  const send = (site: string, ids: readonly string[]): Promise<Response> =>
    fetch(`${first.url}/collect`, {
      method: 'POST',
      headers: { origin: 'http://localhost:3000', 'user-agent': 'Mozilla/5.0 Chrome/140.0.0.0 Safari/537.36' },
      body: pageviews(randomUUID(), ids).replace('"demo"', JSON.stringify(site)),
    });
  const id = randomUUID();
  expect((await send(key, [id])).status).toBe(200);
  expect((await send(key, [id])).status).toBe(200);
  expect((await send('another', [randomUUID()])).status).toBe(403);
  await waitFor('the pageview', async () => (await totals(first.url, 'pageviews')).pageviews === 1);
  const kept = await readdir(product.dataDir, { recursive: true });
  expect(kept).toEqual(expect.arrayContaining(['secret', 'site-key', 'endpoint.json', 'visit-codes', 'spool/events']));
  expect(await openToOthers(product.dataDir, ['.', ...kept])).toEqual([]);
  expect(await first.end('SIGINT')).toBe(0);
  const second = await product.up();
  expect(second.output.stdout).toContain(`data-site="${key}"`);
});

test('THROUGHLINE_DATA, THROUGHLINE_CONFIG, HOST and PORT say where; options win over them', async () => {
  product = await Product.create('');
  const config = await product.write('shop.yaml', plainConfig);
  const dataDir = join(product.dir, 'data');
  const env = {
    THROUGHLINE_CONFIG: config,
    THROUGHLINE_DATA: join(product.dir, 'elsewhere'),
    HOST: '0.0.0.0',
    PORT: '1',
  };
  const up = await product.up(['--data', dataDir, '--port', '0'], env);
  expect(up.output.stdout).toContain('data-site="demo"');
  expect(up.output.stdout).not.toContain('No configuration file');
  const migrated = await runHere(['migrate'], { THROUGHLINE_DATA: dataDir, THROUGHLINE_CONFIG: config });
  expect(migrated.code).toBe(0);
  // A command beside the running product neither ends its database nor takes it over.
  expect((await fetch(`${up.url}/readyz`)).status).toBe(200);
  const { port } = new URL(up.url);
  const taken = await runHere(['up'], { ...env, PORT: port, HOST: '' });
  expect(taken).toMatchObject({ code: 1, stderr: expect.stringContaining(`Port ${port} is taken`) });
  await expect(stat(join(product.dir, 'elsewhere', 'spool'))).rejects.toThrow('ENOENT');
});

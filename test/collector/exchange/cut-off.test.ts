import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { failed, ok } from '../../../domain/result.ts';
import { startCollector, type TestCollector } from '../support/test-collector.ts';

const document =
  '<?xml version="1.0" encoding="UTF-8"?>\n<КоммерческаяИнформация ВерсияСхемы="2.10"><Документ/></КоммерческаяИнформация>';
const cutInEndTag = document.slice(0, -10);
const hourMs = 60 * 60 * 1000;

let collector: TestCollector;
/** Names and contents of the files that the importer read, in order. */
let read: [string, string][];
let fails: (content: string) => boolean;
const start = async (dataDir?: string): Promise<void> => {
  collector = await startCollector({
    ...(dataDir === undefined ? {} : { dataDir }),
    exchange: {
      sources: [{ id: '1c', login: 'shop', password: 'x' }],
      sweepMs: 5,
      importFile: async ({ path, filename }) => {
        const content = await readFile(path, 'utf8');
        read.push([filename, content]);
        return fails(content) ? failed('malformed_xml', filename, 'it is cut off') : ok({ records: 1, rejected: 0 });
      },
    },
  });
};
beforeEach(async () => {
  read = [];
  fails = (content) => !content.includes('</КоммерческаяИнформация>');
  await start();
});
afterEach(() => collector.remove());

async function begin(type = 'sale'): Promise<(query: string, body?: string) => Promise<string>> {
  const call = async (query: string, init: RequestInit): Promise<string> =>
    (await fetch(`${collector.url}/exchange/1c?type=${type}&${query}`, init)).text();
  const authorization = `Basic ${Buffer.from('shop:x').toString('base64')}`;
  const [, name, value] = (await call('mode=checkauth', { headers: { authorization } })).split('\n');
  const headers = { cookie: `${name}=${value}` };
  return (query, body) => call(query, body === undefined ? { headers } : { method: 'POST', headers, body });
}

/** What lies in the folder of the source: files of sessions and files put aside. */
async function kept(): Promise<string[]> {
  const names = await readdir(join(collector.dir, 'exchange', '1c'), { recursive: true });
  return names.filter((name) => name.endsWith('.xml')).map((name) => name.replace(/^[0-9a-f]{32}\//, 'session/'));
}

test.each([
  ['a comment', `${document}\n<!-- end -->\n`],
  ['a processing instruction', `${document}<?1c end?>`],
  ['two comments', `${document}<!-- a --><!-- </b> -->`],
  ['blanks within its end tag', document.replace(/>$/, '\n>')],
  ['nothing in its root', '<?xml version="1.0"?>\n<КоммерческаяИнформация ВерсияСхемы="2.10"/>\n'],
])('a file of orders with %s is whole and imported at once', async (_name, content) => {
  fails = () => false;
  const run = await begin();
  expect(await run('mode=file&filename=orders.xml', content)).toBe('success\n');
  expect(read).toEqual([['orders.xml', content]]);
});

test.each(['sale', 'catalog'])(
  'a file of type %s that is cut off in its last tag is read when its session is over, and put aside',
  async (type) => {
    const run = await begin(type);
    expect(await run('mode=file&filename=orders.xml', cutInEndTag)).toBe('success\n');
    await run('mode=complete');
    expect(read).toEqual([]);
    collector.clock.nowMs += hourMs + 1;
    await expect.poll(kept).toEqual([expect.stringMatching(/^failed\/.*orders\.xml$/)]);
    expect(read).toEqual([['orders.xml', cutInEndTag]]);
  },
);

test('a file that a restart finds is read to where it is cut off, and put aside', async () => {
  const run = await begin();
  await run('mode=file&filename=orders.xml', cutInEndTag);
  const { dir } = collector;
  await collector.close();
  await start(dir);
  await expect.poll(kept).toEqual([expect.stringMatching(/^failed\/.*orders\.xml$/)]);
  expect(read).toEqual([['orders.xml', cutInEndTag]]);
});

test('a whole file that nobody asked to import is imported when the exchange begins anew or its session is over', async () => {
  const run = await begin('catalog');
  await run('mode=file&filename=a.xml', document);
  await run('mode=init');
  await expect.poll(() => read.length).toBe(1);
  await run('mode=file&filename=b.xml', `${document}\n`);
  collector.clock.nowMs += hourMs + 1;
  await expect.poll(() => read.map(([name]) => name)).toEqual(['a.xml', 'b.xml']);
  await expect.poll(kept).toEqual([]);
});

test('the beginning of a file that 1C sends anew goes when the whole one is imported', async () => {
  const run = await begin('catalog');
  await run('mode=file&filename=goods.xml', cutInEndTag);
  await run('mode=init');
  await run('mode=file&filename=goods.xml', document);
  expect(await run('mode=import&filename=goods.xml')).toBe('success\n');
  expect(read).toEqual([['goods.xml', document]]);
  expect(await kept()).toEqual([]);
});

test('the beginning of a file that 1C does not send anew is read when the session is over', async () => {
  const run = await begin('catalog');
  await run('mode=file&filename=goods.xml', cutInEndTag);
  await run('mode=init');
  expect(await run('mode=import&filename=goods.xml')).toMatch(/^failure\ngoods.xml was not sent/);
  collector.clock.nowMs += hourMs + 1;
  await expect.poll(kept).toEqual([expect.stringMatching(/^failed\//)]);
  expect(read).toEqual([['goods.xml', cutInEndTag]]);
});

import { access, readdir, readFile, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterEach, describe, expect, test } from 'vitest';
import type { ExchangeFile, ImportFile } from '../../../collector/create-collector.ts';
import { failed, ok } from '../../../domain/result.ts';
import { startCollector, type TestCollector, type TestCollectorOptions } from '../support/test-collector.ts';

const document =
  '<?xml version="1.0" encoding="UTF-8"?>\n<КоммерческаяИнформация ВерсияСхемы="2.10"><Документ/></КоммерческаяИнформация>\n';

interface Imported extends ExchangeFile {
  readonly content: Buffer;
}

let collector: TestCollector;
let imported: Imported[];
/** What importFile answers; set by a test. */
let outcome: () => ReturnType<ImportFile>;
afterEach(() => collector.remove());

const importFile: ImportFile = async (file) => {
  imported.push({ ...file, content: await readFile(file.path) });
  return outcome();
};

const start = async (
  exchange: Partial<NonNullable<TestCollectorOptions['exchange']>> = {},
  options: TestCollectorOptions = {},
) => {
  imported = [];
  outcome = async () => ok({ records: 1, rejected: 0 });
  const sources = [
    { id: '1c', login: 'shop', password: 'пароль:1' },
    { id: 'other', login: 'other', password: 'x' },
  ];
  collector = await startCollector({ exchange: { sources, importFile, ...exchange }, ...options });
};

const basic = (login: string, password: string) => `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;

/** One call of 1C; gives the lines of the answer. */
async function call(query: string, init: RequestInit = {}): Promise<string[]> {
  const answer = await fetch(`${collector.url}/exchange/1c?${query}`, init);
  return (await answer.text()).split('\n');
}

/** Begins a session and gives a function that calls in it. */
async function begin(type = 'catalog', method = 'GET') {
  const headers = { Authorization: basic('shop', 'пароль:1') };
  const [status, name, value] = await call(`type=${type}&mode=checkauth`, { method, headers });
  expect(status).toBe('success');
  const cookie = { Cookie: `${name}=${value}` };
  return (query: string, body?: string | Buffer, more: Record<string, string> = {}) =>
    call(
      `type=${type}&${query}`,
      body === undefined
        ? { method, headers: cookie }
        : { method: 'POST', headers: { ...cookie, ...more }, body: new Uint8Array(Buffer.from(body)) },
    );
}

/** Announces more bytes than it sends, and hangs up when the collector has written those. */
async function breakOff(query: string, cookie: string, piece: Buffer): Promise<void> {
  const { port } = new URL(collector.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(`POST /exchange/1c?${query} HTTP/1.1\r\nHost: x\r\nCookie: ${cookie}\r\nContent-Length: 1000\r\n\r\n`);
  socket.write(piece);
  const folder = join(collector.dir, 'exchange', '1c', cookie.split('=')[1] ?? '');
  const size = async () => (await stat(join(folder, (await readdir(folder))[0] ?? ''))).size;
  await expect.poll(size).toBe(50 + piece.length);
  socket.destroy();
  await expect.poll(size).toBe(50);
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

describe('checkauth', () => {
  test.each(['GET', 'POST'])('by %s opens a session with a cookie', async (method) => {
    await start();
    const run = await begin('sale', method);
    expect(await run('mode=init')).toContain('zip=yes');
  });

  test.each([
    ['a wrong password', basic('shop', 'x')],
    ['the password of another', basic('shop', 'x:пароль:1')],
    ['no credentials', ''],
    ['rubbish', 'Basic ***'],
  ])('with %s fails with 401', async (_name, authorization) => {
    await start();
    const answer = await fetch(`${collector.url}/exchange/1c?type=sale&mode=checkauth`, {
      headers: { Authorization: authorization },
    });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(await answer.text()).toMatch(/^failure\n/);
  });

  test('does not take a question mark for a letter that windows-1251 lacks', async () => {
    const sources = [{ id: '1c', login: 'shop', password: '日本' }];
    await start({ sources });
    const authorization = (password: string) => ({ headers: { Authorization: basic('shop', password) } });
    expect((await call('type=sale&mode=checkauth', authorization('日本')))[0]).toBe('success');
    expect((await call('type=sale&mode=checkauth', authorization('??')))[0]).toBe('failure');
  });

  test('must come first, and again after an hour of silence', async () => {
    await start();
    expect((await call('type=sale&mode=init'))[0]).toBe('failure');
    expect((await call('type=sale&mode=init', { headers: { Cookie: `tl_exchange=${'0'.repeat(32)}` } }))[0]).toBe(
      'failure',
    );
    const run = await begin();
    collector.clock.nowMs += 59 * 60_000;
    expect((await run('mode=init'))[0]).toBe('zip=yes');
    collector.clock.nowMs += 61 * 60_000;
    expect((await run('mode=init'))[0]).toBe('failure');
  });
});

test('init tells zip, the limit of a piece and the version that was asked for', async () => {
  await start();
  const run = await begin('sale');
  const lines = await run('mode=init&version=3.1');
  expect(lines.slice(0, 2)).toEqual(['zip=yes', expect.stringMatching(/^file_limit=\d+$/)]);
  expect(lines).toContain('version=3.1');
  expect((await run('mode=init&version=%0Afailure')).join()).not.toContain('failure');
});

describe('files of a catalog', () => {
  test('are put together of their pieces and imported when asked', async () => {
    await start();
    const run = await begin();
    await run('mode=init');
    const bytes = Buffer.from(document);
    for (let at = 0; at < bytes.length; at += 37) {
      expect(await run('mode=file&filename=import0_1.xml', bytes.subarray(at, at + 37))).toEqual(['success', '']);
    }
    expect(imported).toEqual([]);
    expect(await run('mode=import&filename=import0_1.xml')).toEqual(['success', '']);
    expect(imported).toMatchObject([{ sourceId: '1c', filename: 'import0_1.xml' }]);
    expect(imported[0]?.content.toString()).toBe(document);
    expect(await exists(imported[0]?.path ?? '')).toBe(false);
    expect(await run('mode=complete')).toEqual(['success', '']);
    expect(await run('mode=deactivate')).toEqual(['success', '']);
    expect(imported).toHaveLength(1);
  });

  test('inside a zip are imported with it, whichever of them is asked for', async () => {
    await start();
    const run = await begin();
    await run('mode=init');
    const zip = Buffer.concat([Buffer.from('PK\x03\x04 data '), Buffer.from('PK\x05\x06'), Buffer.alloc(18)]);
    await run('mode=file&filename=v8_1.zip', zip.subarray(0, 8));
    await run('mode=file&filename=v8_1.zip', zip.subarray(8));
    expect(await run('mode=import&filename=import0_1.xml')).toEqual(['success', '']);
    expect(await run('mode=import&filename=offers0_1.xml')).toEqual(['success', '']);
    expect(imported).toMatchObject([{ filename: 'v8_1.zip', content: zip }]);
  });

  test('answer progress while they are being imported', async () => {
    await start({ patienceMs: 1 });
    let finish: () => void = () => {};
    outcome = () =>
      new Promise((resolve) => {
        finish = () => resolve(ok({ records: 1, rejected: 0 }));
      });
    const run = await begin();
    await run('mode=file&filename=import.xml', document);
    expect((await run('mode=import&filename=import.xml'))[0]).toBe('progress');
    expect((await run('mode=import&filename=import.xml'))[0]).toBe('progress');
    await expect.poll(() => imported.length).toBe(1);
    finish();
    await expect.poll(async () => (await run('mode=import&filename=import.xml'))[0]).toBe('success');
    expect(imported).toHaveLength(1);
  });

  test('that cannot be imported answer failure with file, place and cure, are kept, and may be sent again', async () => {
    await start();
    outcome = async () =>
      failed('malformed', 'import.xml:3', 'line 3: an element is not closed: export the file anew.');
    const run = await begin();
    await run('mode=file&filename=import.xml', document);
    const [status, text] = await run('mode=import&filename=import.xml');
    expect(status).toBe('failure');
    expect(text).toBe('import.xml: line 3: an element is not closed: export the file anew.');
    expect(await readdir(join(collector.dir, 'exchange', '1c', 'failed'))).toHaveLength(1);
    outcome = async () => ok({ records: 1, rejected: 0 });
    await run('mode=file&filename=import.xml', document);
    expect(await run('mode=import&filename=import.xml')).toEqual(['success', '']);
  });

  test('whose import throws answer failure and harm nobody', async () => {
    await start();
    outcome = () => Promise.reject(new Error('a bug'));
    const run = await begin();
    await run('mode=file&filename=import.xml', document);
    expect((await run('mode=import&filename=import.xml'))[0]).toBe('failure');
    expect((await run('mode=init'))[0]).toBe('zip=yes');
  });

  test('that are compressed on the way are refused before they are kept', async () => {
    await start();
    const run = await begin();
    const headers = { 'Content-Encoding': 'gzip' };
    expect(await run('mode=file&filename=import.xml', 'packed', headers)).toEqual([
      'failure',
      expect.stringContaining('import.xml: the piece is compressed'),
      '',
    ]);
    await run('mode=file&filename=import.xml', document);
    expect(await run('mode=import&filename=import.xml')).toEqual(['success', '']);
    expect(imported[0]?.content.toString()).toBe(document);
  });

  test('that were never sent answer failure', async () => {
    await start();
    const run = await begin();
    expect(await run('mode=import&filename=import.xml')).toEqual([
      'failure',
      expect.stringContaining('import.xml'),
      '',
    ]);
  });

  test('that are the same as last time are not imported again, changed ones are', async () => {
    await start();
    const send = async (content: string) => {
      const run = await begin();
      await run('mode=file&filename=import.xml', content);
      expect(await run('mode=import&filename=import.xml')).toEqual(['success', '']);
    };
    await send(document);
    await send(document);
    expect(imported).toHaveLength(1);
    await send(`${document}\n`);
    await send(document);
    expect(imported).toHaveLength(3);
  });

  test('are imported at the next checkauth when they were whole and nobody asked', async () => {
    await start();
    const run = await begin();
    await run('mode=file&filename=whole.xml', document);
    await run('mode=file&filename=half.xml', document.slice(0, 60));
    await begin();
    await expect.poll(() => imported.map(({ filename }) => filename)).toEqual(['whole.xml']);
  });

  test('begun before init are begun anew after it', async () => {
    await start();
    const run = await begin();
    await run('mode=file&filename=import.xml', 'broken off');
    await run('mode=init');
    await run('mode=file&filename=import.xml', document);
    await run('mode=import&filename=import.xml');
    expect(imported[0]?.content.toString()).toBe(document);
  });

  test('are limited in size together', async () => {
    await start({ maxSessionBytes: 1000 });
    const run = await begin();
    expect((await run('mode=file&filename=a.xml', 'x'.repeat(900)))[0]).toBe('success');
    expect((await run('mode=file&filename=b.xml', 'x'.repeat(200)))[0]).toBe('failure');
    expect((await run('mode=file&filename=b.xml', 'x'.repeat(100)))[0]).toBe('success');
  });

  test('that are pictures are taken and not kept', async () => {
    await start();
    const run = await begin();
    expect(await run('mode=file&filename=import_files/ab/photo.jpg', 'JPEG')).toEqual(['success', '']);
    expect(await exists(join(collector.dir, 'exchange'))).toBe(false);
  });
});

describe('orders', () => {
  test.each([
    ['UTF-8', 'utf-8'],
    ['windows-1251', 'windows-1251'],
  ])('in %s are imported as soon as their file is whole', async (_name, encoding) => {
    await start();
    const run = await begin('sale');
    const bytes = iconv.encode(document, encoding);
    expect(await run('mode=file&filename=orders.xml', bytes.subarray(0, 50))).toEqual(['success', '']);
    expect(imported).toEqual([]);
    expect(await run('mode=file&filename=orders.xml', bytes.subarray(50))).toEqual(['success', '']);
    expect(imported).toMatchObject([{ filename: 'orders.xml', content: bytes }]);
    expect(await run('mode=import&filename=orders.xml')).toEqual(['success', '']);
    expect(await run('mode=success')).toEqual(['success', '']);
    expect(imported).toHaveLength(1);
  });

  test('that cannot be imported fail at once', async () => {
    await start();
    outcome = async () => failed('malformed', 'orders.xml', 'line 2: no sum.');
    const run = await begin('sale');
    expect(await run('mode=file&filename=orders.xml', document)).toEqual([
      'failure',
      'orders.xml: line 2: no sum.',
      '',
    ]);
  });

  test('asked for are an empty document, because nothing is ever sent to 1C', async () => {
    await start();
    const run = await begin('sale');
    const xml = (await run('mode=query')).join('\n');
    expect(xml).toContain('<КоммерческаяИнформация');
    expect(xml).not.toContain('<Документ');
    expect(await run('mode=success')).toEqual(['success', '']);
  });
});

test('info answers the empty mapping table in windows-1251 with its Latin letter', async () => {
  await start();
  const [, name, value] = await call('type=sale&mode=checkauth', {
    headers: { Authorization: basic('shop', 'пароль:1') },
  });
  const answer = await fetch(`${collector.url}/exchange/1c?type=sale&mode=info`, {
    headers: { Cookie: `${name}=${value}` },
  });
  const xml = iconv.decode(Buffer.from(await answer.arrayBuffer()), 'windows-1251');
  expect(xml).toContain('<Cтатусы></Cтатусы><ПлатежныеСистемы>');
});

test('what was on disk when the process died is imported after the restart, whole or cut off', async () => {
  await start();
  const run = await begin();
  await run('mode=file&filename=import%20%D0%96.xml', document);
  await run('mode=file&filename=half.xml', document.slice(0, 60));
  const { dir } = collector;
  await collector.close();
  await start({}, { dataDir: dir });
  await expect.poll(() => imported.map(({ filename }) => filename)).toEqual(['import Ж.xml', 'half.xml']);
  const folder = join(dir, 'exchange', '1c');
  await expect.poll(async () => (await readdir(folder)).filter((name) => /^[0-9a-f]{32}$/.test(name))).toEqual([]);
});

test('a piece that breaks off leaves nothing behind', async () => {
  await start();
  const [, name, value] = await call('type=catalog&mode=checkauth', {
    headers: { Authorization: basic('shop', 'пароль:1') },
  });
  const query = 'type=catalog&mode=file&filename=import.xml';
  const cookie = { Cookie: `${name}=${value}` };
  const bytes = Buffer.from(document);
  const send = (piece: Buffer) => call(query, { method: 'POST', headers: cookie, body: new Uint8Array(piece) });
  const run = (mode: string) => call(`type=catalog&${mode}`, { headers: cookie });
  await send(bytes.subarray(0, 50));
  await breakOff(query, cookie.Cookie, bytes.subarray(50, 70));
  await send(bytes.subarray(50));
  await run('mode=import&filename=import.xml');
  expect(imported[0]?.content.toString()).toBe(document);
});

const hostile = [
  '../../x.xml',
  '/etc/x.xml',
  '..\\x.xml',
  'a/../../x.xml',
  '',
  '.',
  '..',
  'C:\\x.xml',
  'x\0.xml',
  'a//b.xml',
  `${'x'.repeat(300)}.xml`,
];
test.each(hostile)('the hostile file name %j is refused and writes nothing', async (name) => {
  await start();
  const run = await begin();
  expect((await run(`mode=file&filename=${encodeURIComponent(name)}`, document))[0]).toBe('failure');
  expect(await exists(join(collector.dir, 'exchange'))).toBe(false);
});

test('an unknown mode is named', async () => {
  await start();
  const run = await begin();
  expect(await run('mode=explode')).toEqual(['failure', expect.stringContaining('explode'), '']);
});

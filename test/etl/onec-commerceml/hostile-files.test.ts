import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { dealsOf, file, importBytes, order, requisites } from './exchange.ts';
import { makeZip, type ZipEntry } from './make-zip.ts';

const xml = (name: string, content: string | Buffer, more: Partial<ZipEntry> = {}): ZipEntry => ({
  name,
  content: Buffer.from(content),
  ...more,
});

describe('XML made to harm', () => {
  test('a DOCTYPE is refused, so no entity of it can grow', async () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><КоммерческаяИнформация>&b;</КоммерческаяИнформация>`;
    const { result, records } = await importBytes(bomb);
    expect(result.failed).toMatchObject({ reason: 'malformed_xml', place: 'orders.xml:1' });
    expect(result.failed?.detail).toContain('DOCTYPE');
    expect(records).toEqual([]);
  });

  test('an external entity is never opened', async () => {
    const document = file(order('<Комментарий>&passwords;</Комментарий>')).replace(
      '<КоммерческаяИнформация',
      '<!DOCTYPE x [<!ENTITY passwords SYSTEM "file:///etc/passwd">]><КоммерческаяИнформация',
    );
    const { result, rows } = await importBytes(document);
    expect(result.failed?.detail).toContain('DOCTYPE');
    expect(JSON.stringify(rows)).not.toContain('root:');
  });

  test('an entity that nobody declared is broken XML, and the orders before it are taken', async () => {
    const imported = await importBytes(file(`${order()}${order('<Комментарий>&nbsp;</Комментарий>', { Ид: '501' })}`));
    expect(dealsOf(imported).map((deal) => deal.id)).toEqual(['500']);
    expect(imported.result.failed?.reason).toBe('malformed_xml');
  });

  test('nesting beyond any exchange file is refused', async () => {
    const deep = `${'<а>'.repeat(100_000)}${'</а>'.repeat(100_000)}`;
    const { result } = await importBytes(file(order(deep)));
    expect(result.failed).toMatchObject({ reason: 'malformed_xml' });
    expect(result.failed?.detail).toContain('64 deep');
  });

  test('a document larger than any order is skipped and the next one is taken', async () => {
    const many = '<Товар><Ид>1</Ид></Товар>'.repeat(160_000);
    const imported = await importBytes(file(order(`<Товары>${many}</Товары>`) + order('', { Ид: '501' })));
    expect(imported.problems).toMatchObject([{ reason: 'too_large' }]);
    expect(imported.result).not.toHaveProperty('failed');
    expect(dealsOf(imported).map((deal) => deal.id)).toEqual(['501']);
  });

  test('one endless text stops the reading before it fills the memory', async () => {
    const { result, problems } = await importBytes(
      file(order(`<Комментарий>${'я'.repeat(9 * 1024 * 1024)}</Комментарий>`)),
    );
    expect(problems).toMatchObject([{ reason: 'too_large' }]);
    expect(result).toMatchObject({ deals: 0, failed: { reason: 'too_large' } });
  });

  test('names from the prototype of objects are ordinary names', async () => {
    const marks = requisites({ __proto__x: '1', constructor: 'true', toString: 'x' });
    const imported = await importBytes(file(order(`<__proto__>1</__proto__>${marks}`)));
    expect(imported.result).toMatchObject({ deals: 1, problems: 0 });
  });

  test.each([
    ['a web page', '<html><body>502 Bad Gateway</body></html>', 'not_commerceml'],
    ['an empty file', '', 'malformed_xml'],
    ['text', 'failure', 'malformed_xml'],
    ['a file cut off in the middle', file(order()).slice(0, -60), 'malformed_xml'],
    ['UTF-16', Buffer.from(`\ufeff${file(order())}`, 'utf16le'), 'unsupported_encoding'],
    ['an encoding that is not read', file(order(), '', 'koi8-r'), 'unsupported_encoding'],
  ])('%s is told by its name', async (_what, bytes, reason) => {
    const { result } = await importBytes(bytes, {}, 'orders-7.xml');
    expect(result.failed?.reason).toBe(reason);
    expect(result.failed?.place).toContain('orders-7.xml');
  });
});

describe('encodings', () => {
  const text = file(order(requisites({ 'Статус заказа': 'Доставлен' })), 'ВерсияСхемы="2.05"', 'windows-1251');

  test('windows-1251, UTF-8 and UTF-8 with a byte order mark say the same', async () => {
    const expected = dealsOf(await importBytes(text.replace('windows-1251', 'UTF-8')));
    expect(expected[0]?.status).toBe('won');
    expect(dealsOf(await importBytes(iconv.encode(text, 'win1251')))).toEqual(expected);
    expect(dealsOf(await importBytes(`\ufeff${text.replace('windows-1251', 'UTF-8')}`))).toEqual(expected);
    expect(dealsOf(await importBytes(`\ufeff${text}`))).toEqual(expected);
  });

  test('a byte that windows-1251 does not have is told by its offset and the rest is read', async () => {
    const bytes = iconv.encode(text.replace('Доставлен', 'Доставлен#'), 'win1251');
    const offset = bytes.indexOf('#');
    bytes[offset] = 0x98;
    const imported = await importBytes(bytes);
    expect(imported.problems).toMatchObject([{ reason: 'broken_bytes', place: `orders.xml, byte ${offset}` }]);
    expect(dealsOf(imported)[0]?.status_name).toBe('Доставлен�');
  });

  test('broken UTF-8 and control characters are told by their offsets and the rest is read', async () => {
    const bytes = Buffer.from(file(order('<Комментарий>#ab#</Комментарий>') + order('', { Ид: '501' })));
    const [first, last] = [bytes.indexOf('#'), bytes.lastIndexOf('#')];
    bytes[first] = 0xd0;
    bytes[last] = 0x01;
    const imported = await importBytes(bytes);
    expect(imported.problems.map((problem) => problem.place)).toEqual([
      `orders.xml, byte ${first}`,
      `orders.xml, byte ${last}`,
    ]);
    expect(dealsOf(imported).map((deal) => deal.id)).toEqual(['500', '501']);
  });

  test('a file full of broken bytes tells twenty of them and their number', async () => {
    const bytes = Buffer.from(file(order(`<Комментарий>${'#'.repeat(5000)}</Комментарий>`)));
    for (let index = bytes.indexOf('#'); bytes[index] === 0x23; index += 1) bytes[index] = 0xff;
    const { problems } = await importBytes(bytes);
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)?.detail).toContain('5000 bytes');
  });
});

describe('archives', () => {
  test('a zip of exchange files is read whatever it is called, file by file', async () => {
    const zip = makeZip([
      xml('orders-1.xml', file(order())),
      xml('picture.jpg', 'not xml'),
      xml('folder/orders-2.xml', file(order('', { Ид: '501', Сумма: 'x' }))),
    ]);
    const imported = await importBytes(zip, {}, 'v8_5A1F.dat');
    expect(dealsOf(imported).map((deal) => deal.id)).toEqual(['500']);
    expect(imported.result.files).toBe(2);
    expect(imported.problems[0]?.place).toBe('v8_5A1F.dat/folder/orders-2.xml:3, document 500');
  });

  test('a broken file of a zip does not stop the next', async () => {
    const zip = makeZip([xml('a.xml', '<КоммерческаяИнформация>'), xml('b.xml', file(order()))]);
    const imported = await importBytes(zip);
    expect(imported.result).toMatchObject({
      deals: 1,
      failed: { reason: 'malformed_xml', place: 'orders.xml/a.xml:1' },
    });
  });

  test('a zip cut off anywhere is refused by name with the cure', async () => {
    const zip = makeZip([xml('a.xml', file(order()))]);
    for (const length of [10, 40, zip.length - 30, zip.length - 1]) {
      const { result, records } = await importBytes(zip.subarray(0, length), {}, 'orders.zip');
      expect(result.failed).toMatchObject({ reason: 'bad_archive', place: 'orders.zip' });
      expect(result.failed?.detail).toContain('send the file again');
      expect(records).toEqual([]);
    }
  });

  test('a zip whose content was damaged on the way is refused', async () => {
    const zip = makeZip([xml('a.xml', file(Array.from({ length: 50 }, (_, n) => order('', { Ид: `${n}` })).join('')))]);
    zip.fill(0xff, 60, 90);
    expect((await importBytes(zip)).result.failed?.reason).toBe('bad_archive');
  });

  test.each([
    ['deflated', false],
    ['stored', true],
  ])(
    'a sum that changed on the way in a %s entry refuses the whole archive, the files before it too',
    async (_how, isStored) => {
      const damaged = Buffer.from(file(order('', { Ид: '501', Сумма: '9000.00' })));
      const zip = makeZip([
        xml('a.xml', file(order()), { isStored }),
        xml('b.xml', file(order('', { Ид: '501' })), { isStored, damaged }),
      ]);
      const { result, records } = await importBytes(zip, {}, 'orders.zip');
      expect(result).toMatchObject({ files: 0, deals: 0, failed: { reason: 'bad_archive', place: 'orders.zip' } });
      expect(result.failed?.detail).toMatch(/b\.xml is damaged.*send the file again/);
      expect(records).toEqual([]);
    },
  );

  test('a zip whose picture was damaged is refused: what else was is not known', async () => {
    const zip = makeZip([
      xml('a.xml', file(order())),
      xml('b.jpg', 'picture', { isStored: true, damaged: Buffer.from('pikture') }),
    ]);
    expect((await importBytes(zip)).result).toMatchObject({ deals: 0, failed: { reason: 'bad_archive' } });
  });

  test('sound entries, deflated, stored and empty, are read', async () => {
    const zip = makeZip([
      xml('a.xml', file(order())),
      xml('b.xml', file(order('', { Ид: '501' })), { isStored: true }),
      xml('empty.txt', ''),
    ]);
    const imported = await importBytes(zip);
    expect(imported.result).not.toHaveProperty('failed');
    expect(dealsOf(imported).map((deal) => deal.id)).toEqual(['500', '501']);
  });

  test.each([
    ['of pictures', [xml('picture.jpg', 'not xml')]],
    ['of nothing', []],
  ])('a zip %s is refused with what it should hold', async (_what, entries) => {
    const { result } = await importBytes(makeZip(entries), {}, 'orders.zip');
    expect(result.failed).toMatchObject({ reason: 'bad_archive', place: 'orders.zip' });
    expect(result.failed?.detail).toContain('no XML file');
  });

  test('a zip that would unpack to more than any export is refused before anything of it is read', async () => {
    const zip = makeZip([xml('a.xml', file(order())), xml('b.xml', Buffer.alloc(64 * 1024 * 1024, 0x20))]);
    const { result, records } = await importBytes(zip, {}, 'bomb.zip');
    expect(result.failed).toMatchObject({ reason: 'bad_archive', place: 'bomb.zip' });
    expect(records).toEqual([]);
  });

  test('an entry that unpacks to more than it declares is cut short', async () => {
    const zip = makeZip([xml('a.xml', Buffer.alloc(1024 * 1024, 0x20), { declaredSize: 100 })]);
    expect((await importBytes(zip)).result.failed?.reason).toBe('bad_archive');
  });

  test('a zip of thousands of files is refused', async () => {
    const zip = makeZip(Array.from({ length: 2001 }, (_, n) => xml(`${n}.xml`, '')));
    expect((await importBytes(zip)).result.failed?.detail).toContain('2001 files');
  });

  test.each(['../../etc/cron.d/x.xml', '/etc/x.xml', 'C:\\x.xml'])(
    'a zip with the entry %s is refused',
    async (name) => {
      expect((await importBytes(makeZip([xml(name, file(order()))]))).result.failed?.reason).toBe('bad_archive');
    },
  );

  test('an encrypted zip is refused with the cure', async () => {
    const { result } = await importBytes(makeZip([xml('a.xml', file(order()), { isEncrypted: true })]));
    expect(result.failed?.detail).toContain('without a password');
  });
});

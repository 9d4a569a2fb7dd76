import { gzipSync } from 'node:zlib';
import iconv from 'iconv-lite';
import { afterEach, describe, expect, test } from 'vitest';
import { diskFs } from '../../../collector/spool/spool-fs.ts';
import { contactHasher } from '../../../domain/contact.ts';
import { rawRecords } from '../../../warehouse/tables/raw-records.ts';
import {
  nowMs,
  pageview,
  startCollector,
  type TestCollector,
  type TestCollectorOptions,
  uuid,
} from '../support/test-collector.ts';

let collector: TestCollector;
afterEach(() => collector.remove());
const start = async (options: TestCollectorOptions = {}) => {
  collector = await startCollector(options);
};

const post = (entity: string, body: string | Buffer | object, headers: Record<string, string> = {}) =>
  fetch(`${collector.url}/api/v1/ingest/${entity}`, {
    method: 'POST',
    body: typeof body === 'string' || Buffer.isBuffer(body) ? new Uint8Array(Buffer.from(body)) : JSON.stringify(body),
    headers: { Authorization: 'Bearer good', 'Content-Type': 'application/json', ...headers },
  });

const payment = (id: number, fields: object = {}) => ({
  source: 'kassa',
  id,
  deal_id: 'A-17',
  paid_at: '2026-01-10T14:00:00+03:00',
  amount: 1990.55,
  ...fields,
});

const records = async () => (await collector.rows('records')).map((row) => JSON.parse(String(row.record)));

describe('rows', () => {
  test('with half an emoji in an id or a text stay JSON that the database reads', async () => {
    await start();
    const cut = String.fromCharCode(0xd83d);
    expect((await post('payments', [payment(1, { deal_id: `d${cut}`, method: `card${cut}` })])).status).toBe(200);
    const [row = {}] = await collector.rows('records');
    expect(String(row.record).isWellFormed()).toBe(true);
    expect(String(row.record)).not.toMatch(/\\ud83d/i);
    expect(JSON.parse(String(row.record))).toMatchObject({ deal_id: 'd\ufffd', method: 'card\ufffd' });
  });

  test('refuse a VAT rate that is none and a range of a thousand years', async () => {
    await start();
    const cost = { source: 'fb', date: '2026-01-10', cost: 100, vat: 'included' };
    for (const wrong of [
      { vat_rate: -1 },
      { vat_rate: 1 },
      { to_date: '2090-01-01' },
      { date: '0001-01-01' },
      { cost: 99999999999 },
    ]) {
      expect((await post('costs', [{ ...cost, ...wrong }])).status, JSON.stringify(wrong)).toBe(422);
    }
  });

  test('become records with their contacts hashed, and nothing plain is kept', async () => {
    await start();
    const deal = {
      source: 'crm',
      id: 7,
      created_at: '2026-01-10T14:00:00+03:00',
      updated_at: '2026-01-11T00:00:00Z',
      amount: 15490.1,
      status: 'open',
      client: { id: 5, phone: '8 999 123 45 67', email: 'buyer@example.com' },
      lost_reason: 'asked to call +7 999 123-45-67',
      fields: { Comment: 'write to buyer@example.com', Size: 'XL' },
    };
    const answer = await post('deals', [deal]);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ accepted: 1 });
    const [row = {}] = await collector.rows('records');
    expect(Object.keys(row).sort()).toEqual(Object.keys(rawRecords.columns).sort());
    expect(row).toMatchObject({
      project: 'shop',
      source: 'crm',
      entity: 'deal',
      record_id: '7',
      version_at: '2026-01-11T00:00:00.000Z',
      fetched_at: '2026-01-15T12:00:00.000Z',
      deleted: false,
    });
    const hasher = contactHasher('secret');
    expect(JSON.parse(String(row.record))).toMatchObject({
      amount: '15490.1',
      client_id: '5',
      phone_hashes: [hasher.phone('+79991234567')],
      email_hashes: [hasher.email('buyer@example.com')],
    });
    expect(JSON.parse(String(row.record))).toMatchObject({ fields: { Comment: 'write to [e-mail]', Size: 'XL' } });
    expect(JSON.stringify(row)).not.toMatch(/buyer@|999 123/);
  });

  test.each([
    ['touches', 'touch', { source: 'pbx', id: 1, at: nowMs, kind: 'call', client: { phone: '+79991234567' } }],
    ['leads', 'lead', { source: 'crm', id: 1, created_at: nowMs, kind: 'call' }],
    ['deals', 'deal', { source: 'crm', id: 1, created_at: nowMs, amount: 1, status: 'won' }],
    ['payments', 'payment', payment(1)],
    ['costs', 'cost', { source: 'ads', date: '2026-01-10', cost: '100.50', vat: 'included' }],
    ['clients', 'client', { source: 'crm', id: 1, phones: ['+79991234567'] }],
    ['stages', 'stage', { source: 'crm', id: 1, deal_id: 1, entered_at: nowMs, stage: 'new', status: 'open' }],
  ])('of %s are taken as %s', async (name, entity, row) => {
    await start();
    expect((await post(name, [row])).status).toBe(200);
    expect(await collector.rows('records')).toMatchObject([{ entity }]);
  });

  test('with the same id in one request are versions of which the last is the newest', async () => {
    await start();
    await post('payments', [payment(1, { amount: 1 }), payment(2), payment(1, { amount: 3 })]);
    const rows = await collector.rows('records');
    const fetched = rows.filter((row) => row.record_id === '1').map((row) => String(row.fetched_at));
    expect(fetched).toHaveLength(2);
    expect(fetched[0] ?? '').not.toBe(fetched[1]);
    expect([...fetched].sort()).toEqual(fetched);
  });

  test('of a later request in the same millisecond are newer', async () => {
    await start();
    await post('payments', [payment(1, { amount: 1 })]);
    await post('payments', [payment(1, { amount: 2 })]);
    const fetched = (await collector.rows('records')).map((row) => row.fetched_at);
    expect(new Set(fetched).size).toBe(2);
  });
});

describe('all or nothing', () => {
  test('one bad row refuses the request and names the place', async () => {
    await start();
    const rows = Array.from({ length: 20 }, (_, index) => payment(index));
    rows[17] = payment(17, { amount: 'much' });
    const answer = await post('payments', rows);
    expect(answer.status).toBe(422);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({
      errors: [{ path: '17.amount', message: expect.stringContaining('amount') }],
    });
    expect(await collector.rows('records')).toEqual([]);
  });

  test('the first hundred places are named', async () => {
    await start();
    const answer = await post(
      'payments',
      Array.from({ length: 300 }, () => ({})),
    );
    expect(((await answer.json()) as { errors: unknown[] }).errors).toHaveLength(100);
  });

  test.each([
    ['a field that is not known', payment(1, { colour: 'red' })],
    ['null', null],
    ['a text', 'x'],
    ['a list', []],
    ['an amount of a fifth of a kopeck in seven digits', payment(1, { amount: '1.0000002' })],
    ['a time without an offset', payment(1, { paid_at: '2026-01-10T14:00:00' })],
    ['a huge number', payment(1, { amount: 1e300 })],
  ])('%s is refused', async (_name, row) => {
    await start();
    expect((await post('payments', [row])).status).toBe(422);
  });

  test('10,000 rows are taken and one more is not', async () => {
    await start();
    const rows = Array.from({ length: 10_001 }, (_, index) => payment(index));
    expect((await post('payments', rows)).status).toBe(413);
    expect(await (await post('payments', rows.slice(1))).json()).toEqual({ accepted: 10_000 });
    expect(await collector.rows('records')).toHaveLength(10_000);
  });

  test('a body of more than 10 MB is refused with 413', async () => {
    await start();
    const answer = await post('payments', `[${' '.repeat(10 * 1024 * 1024)}]`);
    expect(answer.status).toBe(413);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  test('nesting of ten thousand levels is refused', async () => {
    await start();
    const deep = `[{"source":"crm","fields":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}]`;
    expect((await post('deals', deep)).status).toBe(422);
    expect((await post('deals', `${'['.repeat(10_000)}${']'.repeat(10_000)}`)).status).toBe(422);
  });

  test('a disk that is full is answered with 503 and Retry-After', async () => {
    const create = () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }));
    await start({ spoolOptions: { fs: { ...diskFs, create } } });
    const answer = await post('payments', [payment(1)]);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
  });
});

describe('formats', () => {
  test('NDJSON is read line by line', async () => {
    await start();
    const body = `${JSON.stringify(payment(1))}\r\n\n${JSON.stringify(payment(2))}\n`;
    const answer = await post('payments', body, { 'Content-Type': 'application/x-ndjson; charset=utf-8' });
    expect(await answer.json()).toEqual({ accepted: 2 });
  });

  test('a broken line of NDJSON is named', async () => {
    await start();
    const answer = await post('payments', `${JSON.stringify(payment(1))}\n{"a":`, {
      'Content-Type': 'application/x-ndjson',
    });
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { detail: string }).detail).toContain('line 2');
  });

  test('CSV fills objects by dotted columns and leaves empty cells out', async () => {
    await start();
    const body = [
      'source,id,created_at,amount,status,client.phone,client.email,fields.Город,deleted,items',
      'crm,1,2026-01-10T14:00:00+03:00,"1990.50",won,89991234567,,"Москва, центр",false,"[{""name"":""Чайник""}]"',
      'crm,2,1768042800000,5,open,,,,,',
    ].join('\n');
    const answer = await post('deals', `\ufeff${body}`, { 'Content-Type': 'text/csv' });
    expect(await answer.json()).toEqual({ accepted: 2 });
    expect(await records()).toMatchObject([
      {
        id: '1',
        amount: '1990.50',
        phone_hashes: [contactHasher('secret').phone('+79991234567')],
        email_hashes: [],
        fields: { Город: 'Москва, центр' },
        items: [{ name: 'Чайник' }],
      },
      { id: '2', created_at: '2026-01-10T11:00:00.000Z' },
    ]);
  });

  test('CSV as Excel of a Russian Windows saves it is read', async () => {
    await start();
    const text = 'source;id;phones;deleted\ncrm;Клиент 1;+79991234567, +79991234568;\n';
    const answer = await post('clients', iconv.encode(text, 'windows-1251'), {
      'Content-Type': 'text/csv; charset=windows-1251',
    });
    expect(answer.status).toBe(200);
    expect(await records()).toMatchObject([
      { id: 'Клиент 1', phone_hashes: [/./, /./].map((one) => expect.stringMatching(one)) },
    ]);
  });

  test('two columns of one name are refused by it: either could be the one that is meant', async () => {
    await start();
    const body = 'source;id;deal_id;paid_at;amount;Amount;amount\ncrm;1;1;2026-01-10;5;6;500\n';
    const answer = await post('payments', body, { 'Content-Type': 'text/csv' });
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { detail: string }).detail).toBe(
      'The column "amount" stands twice in the header: leave one of them.',
    );
    expect(await collector.rows('records')).toEqual([]);
  });

  test('lines of separators alone, as spreadsheets add them, and columns without any name or value are passed over', async () => {
    await start();
    const body = 'source;id;phones;deleted;;\ncrm;1;+79991234567;;;\n;;;;;\n ; ;;;;\n;;;;;\n';
    const answer = await post('clients', body, { 'Content-Type': 'text/csv' });
    expect(await answer.json()).toEqual({ accepted: 1 });
  });

  test('whole numbers may be written with blanks between the thousands', async () => {
    await start();
    const body = [
      'source;id;date;cost;vat;clicks;impressions',
      'vk;1;2026-01-10;1 530,55;none;1 000;12\u00a0345\u202f678',
    ];
    const answer = await post('costs', body.join('\n'), { 'Content-Type': 'text/csv' });
    expect(await answer.json()).toEqual({ accepted: 1 });
    expect(await records()).toMatchObject([{ clicks: 1000, impressions: 12_345_678 }]);
  });

  test.each(['1 00', '1,000', '-1', '1.5', 'many', '10 0000'])('%s is no number of clicks', async (clicks) => {
    await start();
    const body = `source;id;date;cost;vat;clicks\nvk;1;2026-01-10;1;none;${clicks}`;
    const answer = await post('costs', body, { 'Content-Type': 'text/csv' });
    expect(answer.status).toBe(422);
  });

  test.each([
    ['source,id\n"x', 400],
    ['source,id\na,b,c,d', 400],
    ['__proto__.x,constructor\n1,2', 422],
    ['', 200],
  ])('the CSV %j is answered with %i', async (body, status) => {
    await start();
    expect((await post('payments', body, { 'Content-Type': 'text/csv' })).status).toBe(status);
  });

  test('a gzipped body is read', async () => {
    await start();
    const answer = await post('payments', gzipSync(JSON.stringify([payment(1)])), { 'Content-Encoding': 'gzip' });
    expect(await answer.json()).toEqual({ accepted: 1 });
  });

  test.each([
    ['application/json', '{}', 400],
    ['application/json', 'hello', 400],
    ['application/json', '[]', 200],
    ['application/xml', '<a/>', 415],
    ['text/csv; charset=klingon', 'a', 415],
  ])('%s with %j is answered with %i', async (type, body, status) => {
    await start();
    expect((await post('payments', body, { 'Content-Type': type })).status).toBe(status);
  });
});

describe('who may send', () => {
  test('no token and an unknown one are refused with 401, a token without the scope with 403', async () => {
    await start();
    const unknown = await post('payments', [payment(1)], { Authorization: 'Bearer other' });
    expect(unknown.status).toBe(401);
    expect(unknown.headers.get('www-authenticate')).toBe('Bearer');
    expect((await post('payments', [payment(1)], { Authorization: '' })).status).toBe(401);
    expect((await post('payments', [payment(1)], { Authorization: 'Bearer reader' })).status).toBe(403);
    expect(await collector.rows('records')).toEqual([]);
  });

  test.each(['products', 'nonsense', 'constructor', '__proto__'])('the entity %s is not there', async (entity) => {
    await start();
    const answer = await post(entity, []);
    expect(answer.status).toBe(404);
    expect(((await answer.json()) as { detail: string }).detail).toContain('payments');
  });
});

describe('an Idempotency-Key', () => {
  const key = { 'Idempotency-Key': 'order-17' };

  test('with the same body gives the same answer without writing, after a restart too', async () => {
    await start();
    expect(await (await post('payments', [payment(1)], key)).json()).toEqual({ accepted: 1 });
    expect(await (await post('payments', [payment(1)], key)).json()).toEqual({ accepted: 1 });
    await collector.close();
    collector = await startCollector({ dataDir: collector.dir });
    expect(await (await post('payments', [payment(1)], key)).json()).toEqual({ accepted: 1 });
    expect(await collector.rows('records')).toHaveLength(1);
  });

  test('with another body is refused with 409', async () => {
    await start();
    await post('payments', [payment(1)], key);
    expect((await post('payments', [payment(2)], key)).status).toBe(409);
    expect(await collector.rows('records')).toHaveLength(1);
  });

  test('sent twice at once writes once', async () => {
    await start();
    const answers = await Promise.all(Array.from({ length: 8 }, () => post('payments', [payment(1)], key)));
    expect(answers.map((answer) => answer.status)).toEqual(Array(8).fill(200));
    expect(await collector.rows('records')).toHaveLength(1);
  });

  test('is free again after 24 hours, and for another entity at once', async () => {
    await start();
    await post('payments', [payment(1)], key);
    expect((await post('clients', [{ source: 'crm', id: 1 }], key)).status).toBe(200);
    collector.clock.nowMs += 25 * 3_600_000;
    expect((await post('payments', [payment(2)], key)).status).toBe(200);
  });

  test('of a refused request is not used up', async () => {
    await start();
    expect((await post('payments', [{}], key)).status).toBe(422);
    expect((await post('payments', [payment(1)], key)).status).toBe(200);
  });
});

describe('events of history', () => {
  const event = (number: number, fields: object = {}) => ({
    ...pageview(number, { ts: Date.UTC(2019, 5, 1) }),
    site: 'demo',
    visitor: uuid(900),
    ...fields,
  });

  test('are taken from any past time', async () => {
    await start();
    expect(await (await post('events', [event(1), event(2, { visit: uuid(700) })])).json()).toEqual({ accepted: 2 });
    expect(await collector.rows('events')).toMatchObject([
      { event_id: uuid(1), occurred_at: '2019-06-01T00:00:00.000Z', channel_in: 'ingest' },
      { event_id: uuid(2), visit_id: uuid(700) },
    ]);
  });

  test.each([
    ['a site that is not known', { site: 'other' }, '0.site'],
    ['no visitor', { visitor: undefined }, '0.visitor'],
    ['a time to come', { ts: nowMs + 2 * 86_400_000 }, '0.ts'],
    ['a time in seconds', { ts: 1e9 }, '0.ts'],
    ['a type that is not known', { type: 'nonsense' }, '0.type'],
  ])('with %s are refused', async (_name, fields, path) => {
    await start();
    const answer = await post('events', [event(1, fields), event(2)]);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ errors: [{ path }] });
    expect(await collector.rows('events')).toEqual([]);
  });
});

import { inflateRawSync } from 'node:zlib';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sourceIds } from '../../simulator/catalogue.ts';
import { at } from '../../simulator/random.ts';
import { type Request, type RunningServer, startServer } from '../../simulator/stand-ins/http-server.ts';
import { type StandIns, sourcesConfig, startStandIns } from '../../simulator/stand-ins/index.ts';
import { orderRows, parseFilter, selectFields } from '../../simulator/stand-ins/odata-filter.ts';
import { parsePhpQuery } from '../../simulator/stand-ins/php-query.ts';
import { zipOne } from '../../simulator/stand-ins/zip.ts';
import { createWorld } from '../../simulator/world.ts';

const world = createWorld({ seed: 3, days: 21, endDate: '2026-01-12', scale: 'test' });
let standIns: StandIns;
beforeAll(async () => {
  standIns = await startStandIns(world);
});
afterAll(async () => {
  await standIns.stop();
});

interface Envelope {
  readonly result: Record<string, unknown>[];
  readonly next?: number;
  readonly total?: number;
  readonly error?: string;
  readonly time?: { readonly date_start: string };
}

async function bitrix(method: string, params: unknown): Promise<{ status: number; body: Envelope }> {
  const response = await fetch(`${standIns.bitrix24Url}${method}.json`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(params),
  });
  return { status: response.status, body: (await response.json()) as Envelope };
}

async function allDealIds(): Promise<string[]> {
  const ids: string[] = [];
  for (let last = '0'; ; ) {
    const { body } = await bitrix('crm.deal.list', {
      select: ['ID'],
      filter: { '>ID': last },
      order: { ID: 'ASC' },
      start: -1,
    });
    ids.push(...body.result.map((row) => String(row.ID)));
    if (body.result.length < 50) return ids;
    last = at(ids, -1);
  }
}

describe('Bitrix24', () => {
  it('pages by id without counting, 50 rows each, and gives every deal of the CRM once', async () => {
    const ids = await allDealIds();
    const known = [...world.state('initial').deals.values()]
      .filter((deal) => deal.home === 'crm')
      .map((deal) => deal.id);
    expect(ids).toEqual(known.sort((a, b) => Number(a) - Number(b)));
  });

  it('counts and gives the next offset in the ordinary mode', async () => {
    const { body } = await bitrix('crm.deal.list', { start: 50 });
    expect(body.next).toBe(100);
    expect(body.total).toBeGreaterThan(100);
    expect(Object.values(at(body.result, 0)).every((value) => value === null || typeof value === 'string')).toBe(true);
  });

  it('gives multifields only when they are selected', async () => {
    const plain = await bitrix('crm.contact.list', { select: ['ID'] });
    expect(Object.keys(at(plain.body.result, 0))).toEqual(['ID']);
    const full = await bitrix('crm.contact.list', { select: ['ID', 'PHONE'] });
    expect(at(full.body.result, 0).PHONE).toMatchObject([{ TYPE_ID: 'PHONE' }]);
  });

  it('runs a batch, with empty maps as lists and references to earlier results', async () => {
    const cmd = {
      deals: 'crm.deal.list?start=-1&order[ID]=ASC&select[]=ID',
      lines: 'crm.deal.productrows.get?id=$result[deals][0][ID]',
      gone: 'crm.deal.productrows.get?id=1',
    };
    const { body } = await bitrix('batch', { halt: 0, cmd });
    const result = body.result as unknown as Record<string, Record<string, unknown>>;
    expect(result.result?.lines).toMatchObject([{ OWNER_TYPE: 'D' }]);
    expect(result.result_error).toEqual({ gone: { error: '', error_description: 'Not found' } });
    expect(result.result_next).toEqual([]);
  });

  it('refuses a wrong secret and a filter that is no map', async () => {
    const response = await fetch(`${standIns.bitrix24.url}/rest/1/wrong/crm.deal.list`);
    expect([response.status, ((await response.json()) as Envelope).error]).toEqual([401, 'NO_AUTH_FOUND']);
    expect((await bitrix('crm.deal.list', { filter: 'x' })).status).toBe(400);
  });

  it('does wrong what the script says, when it says', async () => {
    standIns.faults.bitrix24.add({ kind: 'server-error', onRequest: 2 });
    standIns.faults.bitrix24.add({ kind: 'operation-limit', onRequest: 3 });
    const statuses = [];
    for (let number = 0; number < 4; number++) statuses.push((await bitrix('crm.category.list', {})).status);
    expect(statuses).toEqual([200, 500, 429, 200]);
  });

  it('keeps the rate of the cloud when it is switched on', async () => {
    standIns.bitrix24.setRate({ perSecond: 0.001, burst: 2 });
    const answers = [];
    for (let number = 0; number < 3; number++) answers.push(await bitrix('crm.category.list', {}));
    standIns.bitrix24.setRate(undefined);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 503]);
    expect(at(answers, 2).body.error).toBe('QUERY_LIMIT_EXCEEDED');
  });

  it('shows the changes of the later phase after the time of the first reading, and the deleted deal no more', async () => {
    const before = await bitrix('crm.deal.list', { start: -1 });
    const ids = await allDealIds();
    standIns.setPhase('later');
    const since = before.body.time?.date_start;
    const changed = await bitrix('crm.deal.list', { filter: { '>=DATE_MODIFY': since }, start: -1 });
    const left = await allDealIds();
    standIns.setPhase('initial');
    expect(changed.body.result).toHaveLength(1);
    expect(ids.length - left.length).toBe(1);
  });

  it('gives the visit code that the collector gave, as a manager typed it', async () => {
    const deal = [...world.state('initial').deals.values()].find((one) => one.scenario === 'code-with-spaces');
    world.codes.set(deal?.keys.codeOfVisit ?? '', '123458');
    const { body } = await bitrix('crm.deal.list', { filter: { ID: deal?.id }, start: -1 });
    world.codes.clear();
    expect(at(body.result, 0)).toMatchObject({ UF_CRM_TL_CODE: ' 12 3458 ', CONTACT_ID: '0', UF_CRM_TL_VISITOR: '' });
  });
});

const auth = () => ({
  authorization: `Basic ${Buffer.from(`${standIns.odataLogin}:${standIns.odataPassword}`).toString('base64')}`,
});
const odata = (path: string) => fetch(`${standIns.odataUrl}/${path}`, { headers: auth() });

describe('1C OData', () => {
  it('pages documents of a window by date', async () => {
    const filter = encodeURIComponent(
      "Date ge datetime'2025-12-01T00:00:00' and Date le datetime'2026-01-31T00:00:00'",
    );
    const all = world.state('initial').deals;
    const expected = [...all.values()].filter((deal) => deal.home === 'odata' || deal.oneC === 'odata').length;
    let seen = 0;
    for (let skip = 0; ; skip += 20) {
      const response = await odata(
        `${encodeURIComponent('Document_ЗаказКлиента')}?$format=json&$filter=${filter}&$orderby=Date%20asc,%20Ref_Key%20asc&$top=20&$skip=${skip}`,
      );
      const { value } = (await response.json()) as { value: Record<string, unknown>[] };
      seen += value.length;
      if (value.length < 20) break;
      expect(at(value, 0)).toMatchObject({
        Posted: true,
        Товары: expect.arrayContaining([expect.objectContaining({ LineNumber: '1' })]),
      });
    }
    expect(seen).toBe(expected);
  });

  it('describes its documents and their tabular parts', async () => {
    const text = await (await odata('$metadata')).text();
    expect(text).toContain('<ComplexType Name="Document_ПриходныйКассовыйОрдер_РасшифровкаПлатежа_RowType">');
    expect(text).toContain('<Property Name="НомерПоДаннымКлиента" Type="Edm.String"');
  });

  it('answers errors as 1C does: unknown entity, wrong password, a web page', async () => {
    expect((await odata('Document_Нет')).status).toBe(404);
    expect((await fetch(`${standIns.odataUrl}/$metadata`)).status).toBe(401);
    standIns.faults.odata.add({ kind: 'html-500', onRequest: 1 });
    const page = await odata('$metadata');
    expect([page.status, page.headers.get('content-type')]).toEqual([500, 'text/html; charset=utf-8']);
  });

  it('reads conditions, orders rows and cuts fields', () => {
    const rows = [
      { A: 1, B: 'it’s', T: [{ X: 1, Y: 2 }] },
      { A: 2, B: "it's", T: [] },
    ];
    expect(rows.filter(parseFilter("(A eq 2 or A eq 3) and B eq 'it''s'"))).toEqual([rows[1]]);
    expect(rows.filter(parseFilter("substringof('’s', B) eq true or startswith(B, 'no')"))).toEqual([rows[0]]);
    expect(() => parseFilter('A like 1')(rows[0] ?? {})).toThrow('unknown operator');
    expect(orderRows(rows, 'A desc')).toEqual([rows[1], rows[0]]);
    expect(selectFields(rows[0] ?? {}, 'A,T/X')).toEqual({ A: 1, T: [{ X: 1 }] });
  });
});

async function report(fields: readonly string[], headers: Record<string, string> = {}, name = 'r'): Promise<Response> {
  const params = {
    SelectionCriteria: { DateFrom: '2026-01-10', DateTo: '2026-01-12' },
    FieldNames: fields,
    ReportName: `${name}-${fields.join()}-${JSON.stringify(headers)}`,
    ReportType: 'CUSTOM_REPORT',
    DateRangeType: 'CUSTOM_DATE',
    Format: 'TSV',
    IncludeVAT: 'YES',
    IncludeDiscount: 'NO',
  };
  return fetch(`${standIns.directUrl}/json/v5/reports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${standIns.directToken}`, ...headers },
    body: JSON.stringify({ params }),
  });
}

async function readyReport(
  fields: readonly string[],
  headers: Record<string, string> = {},
  name = 'r',
): Promise<string[]> {
  for (const status of [201, 202]) {
    const waiting = await report(fields, headers, name);
    expect([waiting.status, waiting.headers.get('retryIn'), await waiting.text()]).toEqual([status, '1', '']);
  }
  return (await (await report(fields, headers, name)).text()).trimEnd().split('\n');
}

describe('Yandex Direct', () => {
  it('makes the caller wait, then gives micros with title, header and number of rows', async () => {
    const lines = await readyReport(['Date', 'CampaignId', 'Cost']);
    expect(lines[0]).toMatch(/^"r-.*\(2026-01-10 - 2026-01-12\)"$/);
    expect(lines[1]).toBe('Date\tCampaignId\tCost');
    expect(lines.at(-1)).toBe('Total rows: 15');
    expect(lines[2]).toMatch(/^2026-01-10\t70100101\t\d+0000$/);
  });

  it('gives decimals and leaves lines out when the headers ask for it', async () => {
    const headers = { returnMoneyInMicros: 'false', skipReportHeader: 'true', skipReportSummary: 'true' };
    const lines = await readyReport(['CampaignId', 'Clicks', 'Cost'], headers);
    expect(lines).toHaveLength(6);
    expect(lines[1]).toMatch(/^70100101\t\d+\t\d+\.\d\d$/);
  });

  it('corrects the last days later, and one row is gone', async () => {
    const before = await readyReport(['Date', 'AdId', 'Cost'], {}, 'before');
    standIns.setPhase('later');
    const after = await readyReport(['Date', 'AdId', 'Cost'], {}, 'after');
    standIns.setPhase('initial');
    expect(before.length - after.length).toBe(1);
  });

  it('refuses a wrong token and an unknown field with its own errors', async () => {
    const wrong = await fetch(`${standIns.directUrl}/json/v5/reports`, { method: 'POST', body: '{}' });
    expect([wrong.status, await wrong.json()]).toMatchObject([400, { error: { error_code: '53' } }]);
    expect((await report(['Nope'])).status).toBe(400);
  });
});

const plain = (body: string) => ({ status: 200, headers: { 'content-type': 'text/plain' }, body });

/** A site that takes an exchange and keeps what it gets; it answers every other import with `progress`. */
async function startSite(zip: 'yes' | 'no'): Promise<RunningServer & { files: Map<string, Buffer>; modes: string[] }> {
  const files = new Map<string, Buffer>();
  const modes: string[] = [];
  const keep = (name: string, body: Buffer): string => {
    files.set(name, Buffer.concat([files.get(name) ?? Buffer.alloc(0), body]));
    return 'success';
  };
  const server = await startServer(({ url, headers, body }: Request) => {
    const mode = url.searchParams.get('mode') ?? '';
    modes.push(mode);
    if (mode !== 'checkauth' && headers.cookie !== 'session=abc') return plain('failure\nno cookie');
    const imports = modes.filter((one) => one === 'import').length;
    const answers: Record<string, () => string> = {
      checkauth: () => (headers.authorization ? 'success\nsession\nabc\n' : 'failure\nno'),
      init: () => `zip=${zip}\nfile_limit=4096\n`,
      file: () => keep(url.searchParams.get('filename') ?? '', body),
      import: () => (imports % 2 === 1 ? 'progress\nreading' : 'success'),
    };
    return plain(answers[mode]?.() ?? 'failure\nunknown mode');
  });
  return { ...server, files, modes };
}

describe('1C exchange', () => {
  it('pushes both versions in chunks, each in its encoding, and asks until the import is done', async () => {
    const site = await startSite('no');
    const pushed = await standIns.pushOneC(site.url, { login: '1c', password: 'secret' });
    await site.stop();
    const old = iconv.decode(site.files.get('orders-205.xml') ?? Buffer.alloc(0), 'win1251');
    const modern = (site.files.get('orders-31.xml') ?? Buffer.alloc(0)).toString('utf8');
    expect(old).toContain('ВерсияСхемы="2.05"');
    expect(old.trimEnd().endsWith('</КоммерческаяИнформация>')).toBe(true);
    expect(modern).toContain('<Контейнер><Документ><Ид>A-');
    expect(modern).toContain('<Основание></Основание>');
    expect(old.split('<ХозОперация>Заказ товара<').length + modern.split('<ХозОперация>Заказ товара<').length - 2).toBe(
      pushed.orders,
    );
    expect(site.modes.filter((mode) => mode === 'import')).toHaveLength(4);
  });

  it('packs the newer file when the site takes archives', async () => {
    const site = await startSite('yes');
    await standIns.pushOneC(site.url, { login: '1c', password: 'secret' });
    await site.stop();
    expect(site.files.get('orders-31.zip')?.subarray(0, 4).toString('latin1')).toBe('PK\x03\x04');
  });

  it('stops with the words of a site that refuses', async () => {
    const site = await startServer(() => ({ status: 200, body: 'failure\nwrong password' }));
    await expect(standIns.pushOneC(site.url, { login: '1c', password: 'x' })).rejects.toThrow('wrong password');
    await site.stop();
  });

  it('makes archives whose content and checksums fit', () => {
    const content = Buffer.from('Привет, 1С');
    const zip = zipOne('orders.xml', content);
    const nameLength = zip.readUInt16LE(26);
    const packed = zip.subarray(30 + nameLength, 30 + nameLength + zip.readUInt32LE(18));
    expect(inflateRawSync(packed)).toEqual(content);
    expect(zip.readUInt32LE(zip.length - 6)).toBe(30 + nameLength + packed.length);
  });
});

describe('small parts', () => {
  it('reads PHP brackets as PHP does', () => {
    expect(parsePhpQuery('filter[>ID]=10&select[]=ID&select[]=UF_*&start=-1')).toEqual({
      filter: { '>ID': '10' },
      select: ['ID', 'UF_*'],
      start: '-1',
    });
  });

  it('offers a configuration that names every source once', () => {
    const ids = sourcesConfig(standIns, { login: '1c', password: 'secret-1c' }).map((source) => source.id);
    expect(ids).toEqual([sourceIds.crm, sourceIds.direct, sourceIds.odata, sourceIds.exchange]);
  });
});

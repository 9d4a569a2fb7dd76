import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConfiguredSource } from '../../../etl/pull.ts';
import type { Warehouse } from '../../../warehouse/warehouse.ts';
import { report, type SpendRow, spendRow } from '../../fixtures/sources/yandex-direct/spend.ts';
import { testWarehouse } from '../../support/clickhouse.ts';
import { type FakeVendor, startFakeVendor, type VendorReply, type VendorRequest } from '../../support/fake-vendor.ts';
import { configured, PullWorld } from '../../support/pull-world.ts';

const day = 24 * 60 * 60_000;
const hasty = { attempts: 1, baseMs: 1, capMs: 1, totalMs: 1 };

let warehouse: Warehouse;
let worldNo = 0;
let rows: SpendRow[];
let vendor: FakeVendor;
let world: PullWorld;
/** Holds what Direct reports at first. */
let loaded: PullWorld;
let source: ConfiguredSource;

async function openDirect(): Promise<void> {
  rows = ['2026-01-05', '2026-01-08', '2026-01-09', '2026-01-10'].map((date) => spendRow(date));
  vendor = await startFakeVendor((request) => report(rows, request));
  source = sourceWith({});
}

const nextName = (): string => {
  worldNo += 1;
  return `d${worldNo}`;
};

beforeAll(async () => {
  warehouse = await testWarehouse();
  loaded = await PullWorld.create(warehouse, 'loaded', '2026-01-10T12:05:00Z');
  await openDirect();
  await loaded.pull(source);
  await vendor.close();
});

afterAll(() => loaded.close());

beforeEach(async () => {
  await openDirect();
  world = await PullWorld.create(warehouse, nextName(), '2026-01-10T12:05:00Z');
});

/** Goes on in a world that holds what Direct reports at first. */
async function startLoaded(): Promise<void> {
  await world.close();
  world = await loaded.copy(nextName());
}

afterEach(async () => {
  await vendor.close();
  await world.close();
});

const sourceWith = (settings: Record<string, unknown>): ConfiguredSource =>
  configured('yandex-direct', {
    token: 'y0_s3crettoken',
    base_url: vendor.url,
    vat: 'included',
    start_date: '2026-01-01',
    ...settings,
  });

const params = (request: VendorRequest | undefined) => JSON.parse(request?.body ?? '{}').params;
const windows = (): string[] =>
  vendor.requests.map((request) => {
    const { DateFrom, DateTo } = params(request).SelectionCriteria;
    return `${DateFrom}..${DateTo}`;
  });
const costs = async (): Promise<Record<string, unknown>[]> =>
  (await world.alive('cost')).map((version) => JSON.parse(version.record));
const failureAfter = async (reply: VendorReply) => {
  vendor.answerWith(() => reply);
  return (await world.pull(source, { backOff: hasty })).streams[0]?.failure;
};
const header = 'Date\tCampaignId\tAdGroupId\tAdId\tImpressions\tClicks\tCost\tCampaignName';
const line = '2026-01-10\t77104455\t5210044551\t13480099112\t1200\t34\t1530550000\tSearch';

describe('a row of spend', () => {
  it('carries exact money, its VAT mode, ids, clicks and impressions', async () => {
    rows = [spendRow('2026-01-10', { micros: '2345678901230000', campaign: 'Поиск\tМосква' })];
    await world.pull(sourceWith({ client_login: 'shop-ru', vat: 'excluded' }));
    expect(await costs()).toEqual([
      {
        source: 'src',
        id: '2026-01-10:77104455:5210044551:13480099112',
        account: 'shop-ru',
        platform: 'yandex-direct',
        date: '2026-01-10',
        campaign_id: '77104455',
        campaign: 'Поиск\tМосква',
        adgroup_id: '5210044551',
        ad_id: '13480099112',
        cost: '2345678901.23',
        currency: 'RUB',
        vat: 'excluded',
        kind: 'media',
        impressions: 1200,
        clicks: 34,
      },
    ]);
    expect(vendor.requests[0]?.headers).toMatchObject({ 'client-login': 'shop-ru', processingmode: 'auto' });
    expect(params(vendor.requests[0])).toMatchObject({ IncludeVAT: 'NO', Format: 'TSV', ReportType: 'CUSTOM_REPORT' });
  });

  it('without an ad keeps its spend, and a decimal amount is taken as units', async () => {
    rows = [spendRow('2026-01-10', { adId: '--', micros: '10.50' })];
    await world.pull(source);
    expect(await costs()).toMatchObject([{ cost: '10.50', adgroup_id: '5210044551' }]);
    expect((await costs())[0]).not.toHaveProperty('ad_id');
  });

  it('with an amount that cannot be read is kept as rejected', async () => {
    rows = [spendRow('2026-01-09', { micros: '1,5' }), spendRow('2026-01-10')];
    expect(await world.pull(source)).toMatchObject({ outcome: 'ok', rejected: 1, rowsWritten: 1 });
  });

  it('with a day that is none is kept as rejected, and the others are taken', async () => {
    vendor.answerWith(() => ({
      body: `${header}\n${line}\n${line.replace('2026-01-10', 'Итого').replace('13480099112', '2')}\nTotal rows: 2\n`,
    }));
    source = sourceWith({ start_date: '2026-01-08' });
    expect(await world.pull(source, { backOff: hasty })).toMatchObject({ outcome: 'ok', rejected: 1, rowsWritten: 1 });
    expect(await world.rows('SELECT entity, place FROM rejected WHERE project = {project:String}')).toEqual([
      { entity: 'cost', place: 'costs.Итого:77104455:5210044551:2.date' },
    ]);
  });

  it('that cannot be taken any more does not take back what was read of it before', async () => {
    await startLoaded();
    rows = rows.map((row) => (row.date === '2026-01-09' ? { ...row, micros: 'a lot' } : row));
    expect(await world.pull(source)).toMatchObject({ outcome: 'ok', rejected: 1, rowsWritten: 0 });
    expect((await costs()).map(({ date }) => date)).toContain('2026-01-09');
  });
});

describe('a report of six thousand ads', () => {
  it('is taken in one pull, and again without writing anything', async () => {
    rows = Array.from({ length: 6000 }, (_, number) => spendRow('2026-01-10', { adId: String(13480099112 + number) }));
    expect(await world.pull(source)).toMatchObject({ outcome: 'ok', rowsWritten: 6000 });
    expect(await world.pull(source)).toMatchObject({ outcome: 'ok', rowsRead: 6000, rowsWritten: 0 });
  });
});

describe('the days read', () => {
  it('begin 90 days back in chunks of 30, then cover the last three days, and thirty once a week', async () => {
    const first = sourceWith({ start_date: undefined });
    await world.pull(first);
    expect(windows()).toEqual([
      '2025-10-12..2025-11-10',
      '2025-11-11..2025-12-10',
      '2025-12-11..2026-01-09',
      '2026-01-10..2026-01-10',
    ]);
    await world.time.advance(day);
    await world.pull(first);
    expect(windows().slice(4)).toEqual(['2026-01-08..2026-01-11']);
    await world.time.advance(6 * day);
    await world.pull(first);
    expect(windows().slice(5)).toEqual(['2025-12-18..2026-01-16', '2026-01-17..2026-01-17']);
  });

  it('reach back over a long standstill', async () => {
    await startLoaded();
    await world.time.advance(5 * day);
    await world.pull(source);
    expect(windows().at(-1)).toBe('2026-01-10..2026-01-15');
  });

  it('are Moscow days', async () => {
    await world.time.advance(Date.parse('2026-01-10T21:30:00Z') - world.time.now());
    await world.pull(source);
    expect(windows().at(-1)).toBe('2026-01-01..2026-01-11');
  });

  it('leave no gap after a standstill when since asks for less', async () => {
    await startLoaded();
    await world.time.advance(6 * day);
    await world.pull(source, {}, { since: '2026-01-15' });
    expect(windows().at(-1)).toBe('2026-01-10..2026-01-16');
  });

  it('begin where asked with since', async () => {
    await startLoaded();
    await world.pull(source, {}, { since: '2026-01-02' });
    expect(windows().at(-1)).toBe('2026-01-02..2026-01-10');
  });
});

describe('a day read again', () => {
  it('replaces what it held: corrected spend changes, an ad that is gone vanishes, other days stay', async () => {
    await startLoaded();
    rows = [
      spendRow('2026-01-05'),
      spendRow('2026-01-08', { micros: '1000000' }),
      spendRow('2026-01-10', { adId: '2' }),
    ];
    await world.time.advance(60_000);
    const result = await world.pull(source);
    expect(result.rowsWritten).toBe(4);
    const held = (await costs()).map(({ date, ad_id, cost }) => [date, ad_id, cost]);
    expect(held).toHaveLength(3);
    expect(held).toEqual(
      expect.arrayContaining([
        ['2026-01-05', '13480099112', '1530.55'],
        ['2026-01-08', '13480099112', '1'],
        ['2026-01-10', '2', '1530.55'],
      ]),
    );
  });

  it('with no spend at all empties its days', async () => {
    await startLoaded();
    rows = [spendRow('2026-01-05')];
    await world.pull(source);
    expect((await costs()).map(({ date }) => date)).toEqual(['2026-01-05']);
  });

  it('is asked for under another name each run, so that no stored report is served', async () => {
    await world.pull(source);
    await world.time.advance(60_000);
    await world.pull(source, {}, { since: '2026-01-01' });
    const names = vendor.requests.map((request) => params(request).ReportName);
    expect(new Set(names).size).toBe(2);
  });
});

describe('a report that is being built', () => {
  it('is asked for again, identically, after the time that Direct names', async () => {
    let left = [201, 202, 202];
    vendor.answerWith((request) => {
      const [status, ...rest] = left;
      left = rest;
      return status === undefined ? report(rows, request) : { status, headers: { retryIn: '20' } };
    });
    const startedMs = world.time.now();
    expect((await world.pull(source)).outcome).toBe('ok');
    expect(new Set(vendor.requests.map((request) => request.body)).size).toBe(1);
    expect(vendor.requests).toHaveLength(4);
    expect(world.time.now() - startedMs).toBe(60_000);
  });

  it('is not waited for longer than half an hour', async () => {
    const startedMs = world.time.now();
    const failure = await failureAfter({ status: 202, headers: { retryIn: '60' } });
    expect(failure).toMatchObject({
      reason: 'transient',
      detail: expect.stringContaining('not ready after 30 minutes'),
    });
    expect(world.time.now() - startedMs).toBeLessThanOrEqual(30 * 60_000);
  });
});

describe('a report that cannot be trusted fails the run and changes nothing', () => {
  it.each([
    ['cut off before its last line', `${header}\n${line}\n`, /cut off/],
    ['cut off inside', `${header}\n${line}\nTotal rows: 2\n`, /says 2 rows and has 1/],
    ['without a column', 'Date\tCampaignId\tClicks\nTotal rows: 0\n', /no column AdGroupId, AdId, Impressions, Cost/],
    ['with a short row', `${header}\n2026-01-10\t1\nTotal rows: 1\n`, /row 1 has 2 values of 8/],
    ['of other days', `${header}\n${line.replace('01-10', '02-10')}\nTotal rows: 1\n`, /not the report asked for/],
    ['with a row twice', `${header}\n${line}\n${line}\nTotal rows: 2\n`, /two rows of 2026-01-10:77104455/],
    ['that is a web page', '<html><title>Proxy</title></html>', /no column/],
  ])('%s', async (_name, body, detail) => {
    await startLoaded();
    const before = await costs();
    const failure = await failureAfter({ body });
    expect(failure?.detail).toMatch(detail);
    expect(await costs()).toEqual(before);
  });

  it('but one with a title line and a column that nobody asked for is read', async () => {
    vendor.answerWith(() => ({ body: `"spend (2026-01-01)"\nNew\t${header}\nx\t${line}\nИтого строк: 1\n` }));
    await world.pull(source);
    expect(await costs()).toMatchObject([{ campaign: 'Search', cost: '1530.55' }]);
  });
});

describe('errors of Direct', () => {
  it.each([
    [400, '53', 'auth'],
    [400, 54, 'auth'],
    [400, '58', 'settings'],
    [400, '513', 'settings'],
    [400, '152', 'limit'],
    [400, '506', 'limit'],
    [500, '1000', 'transient'],
    [400, '52', 'transient'],
    [400, '8000', 'bad_data'],
  ])('with status %d and code %s are of the kind %s', async (status, code, reason) => {
    const failure = await failureAfter({
      status,
      body: { error: { request_id: '869', error_code: code, error_string: 'No', error_detail: 'the reason' } },
    });
    expect(failure?.reason).toBe(reason);
    expect(failure?.detail).toMatch(/the reason.*request 869/);
  });
});

describe('settings', () => {
  it('must say whether the spend is with VAT', () => {
    expect(() => configured('yandex-direct', { token: 't' })).toThrow(/vat/);
  });
});

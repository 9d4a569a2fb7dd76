import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConfiguredSource } from '../../../etl/pull.ts';
import type { Warehouse } from '../../../warehouse/warehouse.ts';
import type { Entity, Portal } from '../../fixtures/sources/bitrix24/portal.ts';
import { contact, deal, history, shopPortal } from '../../fixtures/sources/bitrix24/shop.ts';
import { testWarehouse } from '../../support/clickhouse.ts';
import { type FakeVendor, startFakeVendor, type VendorReply, type VendorRequest } from '../../support/fake-vendor.ts';
import { configured, onlyStreams, PullWorld } from '../../support/pull-world.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

let warehouse: Warehouse;
let worldNo = 0;
let portal: Portal;
let vendor: FakeVendor;
let world: PullWorld;
/** Holds what the portal of the shop says at first. */
let loaded: PullWorld;
let source: ConfiguredSource;
let deals: ConfiguredSource;

async function openPortal(): Promise<void> {
  portal = shopPortal();
  vendor = await startFakeVendor((request) => portal.answer(request));
  source = sourceWith({});
  deals = dealsWith({});
}

const nextName = (): string => {
  worldNo += 1;
  return `b${worldNo}`;
};

beforeAll(async () => {
  warehouse = await testWarehouse();
  loaded = await PullWorld.create(warehouse, 'loaded', '2026-01-10T12:05:00Z');
  await openPortal();
  await loaded.pull(source);
  await vendor.close();
});

afterAll(() => loaded.close());

beforeEach(async () => {
  await openPortal();
  world = await PullWorld.create(warehouse, nextName(), '2026-01-10T12:05:00Z');
});

afterEach(async () => {
  await vendor.close();
  await world.close();
});

/** Goes on in a world that holds what the portal says at first. */
async function startLoaded(): Promise<void> {
  await world.close();
  world = await loaded.copy(nextName());
}

const sourceWith = (settings: Record<string, unknown>): ConfiguredSource =>
  configured('bitrix24', { url: `${vendor.url}/rest/1/s3cretwebhookkey/`, ...settings });

/** For tests of deals alone: the other streams only cost time. */
const dealsWith = (settings: Record<string, unknown>): ConfiguredSource => onlyStreams(sourceWith(settings), 'deals');

const dealOf = async (id: string): Promise<Record<string, unknown>> => {
  const version = (await world.alive('deal')).find((one) => one.record_id === id);
  return JSON.parse(version?.record ?? '{}');
};

const calls = (method: string): VendorRequest[] =>
  vendor.requests.filter((request) => request.path.endsWith(`/${method}.json`));

const bodies = (method: string) => calls(method).map((request) => JSON.parse(request.body));

/** Gives other answers first, one for each request of a method, then the portal's own. */
function answerFirst(method: string, replies: ((request: VendorRequest) => VendorReply)[]): void {
  const left = [...replies];
  vendor.answerWith((request) => {
    const reply = request.path.endsWith(`/${method}.json`) ? left.shift() : undefined;
    return reply?.(request) ?? portal.answer(request);
  });
}

describe('a deal', () => {
  it('is taken with its stage, pipeline, manager, client, order number, items and custom fields', async () => {
    await world.pull(dealsWith({ fields: { visit_code: 'visit number', cogs: 'UF_CRM_1700000003' } }));
    expect(await dealOf('1')).toMatchObject({
      source: 'src',
      role: 'crm',
      order_id: '10001',
      created_at: '2026-01-10T07:00:00.000Z',
      amount: '15490.00',
      currency: 'RUB',
      status: 'open',
      stage: 'C2:NEW',
      status_name: 'New',
      pipeline: 'Retail',
      manager: 'Anna Petrova',
      client_id: '311',
      cogs: '9000.5',
      items: [
        { product_id: '450', name: 'Teapot', price: '899.1', quantity: '2' },
        { name: 'Gift wrap', price: '33.333333', quantity: '1' },
      ],
      fields: { 'Visit number': '1204', Delivery: 'Courier', 'Cost of goods': '9000.50|RUB' },
    });
  });

  it('has the moment it was moved to its stage for its end, whichever the stage, and not the planned closing date', async () => {
    await world.pull(deals);
    expect(await dealOf('2')).toMatchObject({
      status: 'won',
      status_name: 'Paid',
      closed_at: '2026-01-10T09:30:00.000Z',
    });
    expect(await dealOf('1')).toMatchObject({ status: 'open', closed_at: '2026-01-10T07:00:00.000Z' });
    expect(await dealOf('3')).not.toHaveProperty('closed_at');
  });

  it('keeps no phone, e-mail, name or title of a person in what is stored', async () => {
    portal.deals = [deal(1, { TITLE: 'Ivan Petrov', UF_CRM_1700000001: 'call +7 900 000-00-01, ivan@example.com' })];
    await world.pull(sourceWith({ fields: { lost_reason: 'Visit number' } }));
    const stored = JSON.stringify(await world.versions());
    expect(stored).not.toMatch(/Ivan|example\.com|000-00-01/);
    expect(await dealOf('1')).toMatchObject({
      lost_reason: 'call [phone], [e-mail]',
      fields: { 'Visit number': 'call [phone], [e-mail]' },
    });
  });

  it('takes the false of an empty field for nothing, and for no in a yes-no field', async () => {
    const field = (type: string, listLabel: string) => ({ type, title: 'UF', listLabel });
    Object.assign(portal.dealFields, {
      UF_CRM_1: field('boolean', 'Gift'),
      UF_CRM_2: field('boolean', 'Express'),
      UF_CRM_3: field('boolean', 'Installation'),
      UF_CRM_4: field('double', 'Weight'),
      UF_CRM_5: field('string', 'Notes'),
      UF_CRM_6: field('string', 'Word'),
    });
    portal.deals = [
      deal(1, {
        UF_CRM_1700000001: false,
        UF_CRM_1700000002: false,
        UF_CRM_1700000003: false,
        UF_CRM_1: false,
        UF_CRM_2: '1',
        UF_CRM_3: '0',
        UF_CRM_4: false,
        UF_CRM_5: [false, 'call first'],
        UF_CRM_6: 'false',
      }),
    ];
    await world.pull(
      dealsWith({ fields: { visit_code: 'Visit number', cogs: 'UF_CRM_1700000003', lost_reason: 'UF_CRM_4' } }),
    );
    const taken = await dealOf('1');
    expect(taken.fields).toEqual({ Gift: 'N', Express: 'Y', Installation: 'N', Notes: 'call first', Word: 'false' });
    for (const name of ['visit_code', 'cogs', 'lost_reason']) expect(taken).not.toHaveProperty(name);
  });

  it('is refused with its id and field when its amount is not an amount, and the others are taken', async () => {
    portal.deals[4] = deal(5, { OPPORTUNITY: 'a lot' });
    const result = await world.pull(deals);
    expect(result).toMatchObject({ outcome: 'ok', rejected: 1 });
    expect(await world.alive('deal')).toHaveLength(119);
    expect(await world.rows('SELECT reason, place FROM rejected WHERE project = {project:String}')).toEqual([
      { reason: 'invalid_record', place: 'deals.5.amount' },
    ]);
    await world.pull(deals, {}, { since: '2026-01-01' });
    expect(await world.rows('SELECT 1 FROM rejected WHERE project = {project:String}')).toHaveLength(1);
  });
});

describe('a row without a moment of change that can be read', () => {
  const rejected = () =>
    world.rows('SELECT source, entity, reason, place FROM rejected WHERE project = {project:String} ORDER BY place');

  it.each([null, 'yesterday', '0000-00-00T00:00:00+03:00', false])(
    'is refused alone among the changes, and the reading goes on: %j',
    async (moment) => {
      await startLoaded();
      const dated = onlyStreams(source, 'contacts', 'deals');
      const changed = '2026-01-10T16:00:00+03:00';
      portal.portalTime = '2026-01-10T16:30:00+03:00';
      portal.deals[5] = deal(6, { OPPORTUNITY: '777.00', DATE_MODIFY: changed });
      portal.contacts[1] = contact(312, { PHONE: [{ VALUE: '+7 900 000-00-02' }], DATE_MODIFY: changed });
      const undatedFirst = (list: string, rows: () => Entity[], broken: Entity) => (request: VendorRequest) => {
        if (!request.path.endsWith(`/${list}.json`) || request.body.includes('"select":["ID"]')) return undefined;
        const { body } = portal.answer(request) as { body: { result: Entity[] } };
        return {
          body: { ...body, result: [broken, ...body.result.filter(({ ID }) => rows().some((r) => r.ID === ID))] },
        };
      };
      const answers = [
        undatedFirst('crm.deal.list', () => portal.deals, deal(7, { DATE_MODIFY: moment })),
        undatedFirst('crm.contact.list', () => portal.contacts, contact(311, { DATE_MODIFY: moment })),
      ];
      vendor.answerWith(
        (request) => answers.map((answer) => answer(request)).find((reply) => reply) ?? portal.answer(request),
      );
      expect(await world.pull(dated)).toMatchObject({ outcome: 'ok', rejected: 2 });
      expect(await rejected()).toEqual([
        { source: 'src', entity: 'client', reason: 'invalid_record', place: 'contacts.311.DATE_MODIFY' },
        { source: 'src', entity: 'deal', reason: 'invalid_record', place: 'deals.7.DATE_MODIFY' },
      ]);
      expect(await dealOf('6')).toMatchObject({ amount: '777.00' });
      expect(await dealOf('7')).toMatchObject({ amount: '15490.00' });
      expect(await world.alive('client')).toHaveLength(2);
      await world.pull(dated);
      expect(bodies('crm.deal.list').at(-1).filter).toEqual({ '>=DATE_MODIFY': '2026-01-10T12:50:00+00:00' });
      expect(await rejected()).toHaveLength(2);
    },
  );

  it('is refused alone in a first load too, with the row kept without contacts', async () => {
    portal.deals[49] = deal(50, { DATE_MODIFY: null, UF_CRM_1700000001: 'ivan@example.com' });
    portal.leads[0] = { ...portal.leads[0], ID: '5', DATE_MODIFY: 'soon' };
    expect(await world.pull(onlyStreams(source, 'deals', 'leads'))).toMatchObject({ outcome: 'ok', rejected: 2 });
    expect(await world.alive('deal')).toHaveLength(119);
    expect((await rejected()).map((row) => (row as { place: string }).place)).toEqual([
      'deals.50.DATE_MODIFY',
      'leads.5.DATE_MODIFY',
    ]);
    const [kept] = await world.rows<{ payload: string }>(
      "SELECT payload FROM rejected WHERE project = {project:String} AND entity = 'deal'",
    );
    expect(JSON.parse(kept?.payload ?? '{}')).toMatchObject({ ID: '50', UF_CRM_1700000001: '[e-mail]' });
  });

  it('of the future does not hide the changes that come until then', async () => {
    await startLoaded();
    portal.deals[5] = deal(6, { DATE_MODIFY: '2031-01-10T16:00:00+03:00' });
    await world.pull(deals);
    portal.deals[6] = deal(7, { OPPORTUNITY: '777.00', DATE_MODIFY: '2026-01-10T15:30:00+03:00' });
    await world.pull(deals);
    expect(await dealOf('7')).toMatchObject({ amount: '777.00' });
  });

  it.each([
    ['CREATED_TIME', null],
    ['CREATED_TIME', 'yesterday'],
    ['STAGE_ID', null],
    ['OWNER_ID', null],
  ])('is a step of the stage history without %s (%j): it is refused alone', async (field, value) => {
    portal.stageHistory = [
      history(1, 3, '2026-01-10T07:00:00+00:00', 'C2:NEW', 'P'),
      { ...history(2, 3, '2026-01-10T08:00:00+00:00', 'C2:NEW', 'P'), [field]: value },
      history(3, 3, '2026-01-10T09:15:00+00:00', 'C2:LOSE', 'F'),
    ];
    expect(await world.pull(onlyStreams(source, 'deals', 'stage_history'))).toMatchObject({
      outcome: 'ok',
      rejected: 1,
    });
    const steps = (await world.alive('stage')).map(({ record_id, record }) => [record_id, JSON.parse(record)]);
    expect(steps).toEqual([
      ['1', expect.objectContaining({ stage: 'C2:NEW', stage_name: 'New', status: 'open' })],
      ['3', expect.objectContaining({ stage: 'C2:LOSE', stage_name: 'Refused', status: 'lost' })],
    ]);
    expect(await rejected()).toEqual([
      { source: 'src', entity: 'stage', reason: 'invalid_record', place: `stage_history.2.${field}` },
    ]);
  });
});

describe('settings', () => {
  it('that name a field which the deals do not have fail the stream with the fields there are', async () => {
    const result = await world.pull(sourceWith({ fields: { visit_code: 'Roistat' } }));
    const failure = result.streams.find(({ stream }) => stream === 'deals')?.failure;
    expect(failure?.reason).toBe('settings');
    expect(failure?.detail).toContain('"Roistat"');
    expect(failure?.detail).toContain('Visit number (UF_CRM_1700000001)');
    expect(result.streams.filter(({ failure: other }) => other === undefined)).toHaveLength(3);
  });

  it('refuse a URL that is not a webhook and unknown keys', () => {
    expect(() => configured('bitrix24', { url: 'https://shop.bitrix24.ru/crm/' })).toThrow(/incoming webhook/);
    expect(() => configured('bitrix24', { url: 'https://shop.bitrix24.ru/rest/1/k/', colour: 'red' })).toThrow(
      /colour/,
    );
  });
});

describe('a first load', () => {
  it('reads by growing id without counting and goes on where it was interrupted', async () => {
    answerFirst('crm.deal.list', [
      (request) => portal.answer(request),
      () => ({ status: 500, body: { error: 'INTERNAL_SERVER_ERROR', error_description: '' } }),
    ]);
    await world.pull(deals, { backOff: { attempts: 1, baseMs: 1, capMs: 1, totalMs: 1 } });
    expect(await world.alive('deal')).toHaveLength(50);
    await world.pull(deals);
    expect(await world.alive('deal')).toHaveLength(120);
    expect(bodies('crm.deal.list').map(({ filter, start }) => [filter['>ID'], start])).toEqual([
      ['0', -1],
      ['50', -1],
      ['50', -1],
      ['100', -1],
    ]);
  });

  it('takes up afterwards what changed while it ran, by the clock of the portal', async () => {
    portal.portalTime = '2026-01-10T14:00:00+03:00';
    await world.pull(deals);
    portal.deals[0] = deal(1, { OPPORTUNITY: '1.00', DATE_MODIFY: '2026-01-10T14:00:01+03:00' });
    await world.pull(deals);
    expect(await dealOf('1')).toMatchObject({ amount: '1.00' });
    expect(bodies('crm.deal.list').at(-1).filter).toEqual({ '>=DATE_MODIFY': '2026-01-10T10:50:00+00:00' });
  });
});

describe('changes', () => {
  beforeEach(async () => {
    await startLoaded();
  });

  const change = (count: number, at: (index: number) => string): void => {
    portal.deals = portal.deals.map((row, index) =>
      index < count ? { ...row, OPPORTUNITY: '777.00', DATE_MODIFY: at(index) } : row,
    );
  };
  const second = (n: number): string => new Date(Date.parse('2026-01-10T16:00:00+03:00') + n * 1000).toISOString();
  const changedDeals = async (): Promise<number> =>
    (await world.alive('deal')).filter((version) => JSON.parse(version.record).amount === '777.00').length;

  it('of more than a page in one second are all read', async () => {
    change(120, () => second(0));
    await world.pull(deals);
    expect(await changedDeals()).toBe(120);
  });

  it('are all read although a row that was read moves to the end under the paging', async () => {
    change(110, second);
    let pages = 0;
    vendor.answerWith((request) => {
      const reply = portal.answer(request);
      if (request.path.endsWith('/crm.deal.list.json') && ++pages === 1) {
        portal.deals[0] = { ...portal.deals[0], ID: '1', DATE_MODIFY: second(500) };
      }
      return reply;
    });
    await world.pull(deals);
    expect(await changedDeals()).toBe(110);
  });

  it('are all read although the portal gives an old page once more', async () => {
    change(110, second);
    let previous: VendorReply = {};
    let pages = 0;
    vendor.answerWith((request) => {
      if (!request.path.endsWith('/crm.deal.list.json')) return portal.answer(request);
      pages += 1;
      if (pages !== 2) previous = portal.answer(request);
      return previous;
    });
    expect((await world.pull(deals)).outcome).toBe('ok');
    expect(await changedDeals()).toBe(110);
  });

  it('are not mixed up with the rows of another list that a cache answers with', async () => {
    portal.contacts = Array.from({ length: 50 }, (_, index) => contact(500 + index, { DATE_MODIFY: second(0) }));
    change(110, second);
    const foreign = { body: { result: portal.contacts, time: {} } };
    answerFirst('crm.deal.list', [() => foreign]);
    await world.pull(deals);
    expect(await changedDeals()).toBe(110);
    expect(await world.alive('deal')).toHaveLength(120);
  });

  it('end the run with words when the portal never stops giving an old page', async () => {
    await world.pull(deals);
    change(110, second);
    const first = portal.answer({ ...(calls('crm.deal.list')[0] as VendorRequest) });
    vendor.answerWith((request) => (request.path.endsWith('/crm.deal.list.json') ? first : portal.answer(request)));
    const result = await world.pull(deals);
    const failure = result.streams.find(({ stream }) => stream === 'deals')?.failure;
    expect(failure).toMatchObject({ reason: 'transient', detail: expect.stringContaining('old or foreign page') });
  });

  it('of product rows alone make a new version', async () => {
    const before = (await world.versions('deal')).length;
    portal.productRows['120'] = [{ ID: '9', PRODUCT_ID: 1, PRODUCT_NAME: 'Cup', PRICE: 5, QUANTITY: 1 }];
    await world.pull(deals, {}, { since: '2026-01-10' });
    expect((await world.versions('deal')).length).toBe(before + 1);
    expect(await dealOf('120')).toMatchObject({ items: [{ name: 'Cup' }] });
  });
});

describe('a reading from a day on', () => {
  const later = { ID: '110', STAGE_ID: 'C2:WON' };

  it('leaves no gap when the first load was cut off', async () => {
    const refused = () => ({ status: 403, body: { error: 'insufficient_scope' } });
    answerFirst('crm.deal.list', [(request) => portal.answer(request), refused]);
    expect(await world.pull(deals)).toMatchObject({ outcome: 'failed' });
    expect((await world.alive('deal')).length).toBeLessThan(120);
    await world.pull(deals, {}, { since: '2026-01-10' });
    await world.pull(deals);
    expect(await world.alive('deal')).toHaveLength(120);
  });

  it('leaves no gap when it asks for less than was changed meanwhile', async () => {
    await startLoaded();
    await world.time.advance(10 * day);
    portal.deals = portal.deals.map((row) =>
      row.ID === later.ID ? { ...row, ...later, DATE_MODIFY: '2026-01-12T12:00:00+03:00' } : row,
    );
    await world.pull(deals, {}, { since: '2026-01-19' });
    await world.pull(deals);
    expect(await dealOf(later.ID)).toMatchObject({ stage: later.STAGE_ID });
  });
});

describe('deletions', () => {
  beforeEach(async () => {
    await startLoaded();
  });

  it('are found once a day by comparing ids', async () => {
    portal.deals = portal.deals.filter((row) => row.ID !== '7');
    await world.pull(deals);
    expect(await world.alive('deal')).toHaveLength(120);
    await world.time.advance(day);
    await world.pull(deals);
    const alive = await world.alive('deal');
    expect(alive).toHaveLength(119);
    expect(alive.map((version) => version.record_id)).not.toContain('7');
    await world.time.advance(day);
    expect((await world.pull(deals)).rowsWritten).toBe(0);
  });

  it('are undone when the record comes back, even with its old modification time', async () => {
    const kept = portal.deals;
    portal.deals = kept.filter((row) => row.ID !== '7');
    await world.time.advance(day);
    await world.pull(deals);
    portal.deals = kept;
    await world.pull(deals, {}, { since: '2026-01-10' });
    expect(await world.alive('deal')).toHaveLength(120);
  });

  it('of nearly everything at once are taken for lost rights: nothing is deleted and the run says so', async () => {
    portal.deals = portal.deals.slice(0, 30);
    await world.time.advance(day);
    const result = await world.pull(deals);
    const failure = result.streams.find(({ stream }) => stream === 'deals')?.failure;
    expect(failure).toMatchObject({ reason: 'auth', detail: expect.stringContaining('90 of 120 records') });
    expect(await world.alive('deal')).toHaveLength(120);
  });
});

describe('limits', () => {
  it('of requests a second are waited out', async () => {
    answerFirst('crm.deal.list', [
      () => ({ status: 503, body: { error: 'QUERY_LIMIT_EXCEEDED', error_description: 'Too many requests' } }),
    ]);
    expect((await world.pull(deals)).outcome).toBe('ok');
    expect(await world.alive('deal')).toHaveLength(120);
  });

  it('of running time are waited out until the instant that the portal named last', async () => {
    const resetAt = Date.parse('2026-01-10T12:09:00Z') / 1000;
    answerFirst('crm.deal.list', [
      (request) => {
        const { body } = portal.answer(request) as { body: { time: object } };
        return { body: { ...body, time: { ...body.time, operating_reset_at: resetAt } } };
      },
      () => ({ status: 429, body: { error: 'OPERATION_TIME_LIMIT', error_description: 'Method is blocked' } }),
    ]);
    expect((await world.pull(deals)).outcome).toBe('ok');
    expect(world.time.now()).toBeGreaterThanOrEqual(resetAt * 1000);
    expect(world.time.now()).toBeLessThan(resetAt * 1000 + minute);
  });

  it('keep requests to what the plan allows after ten seconds worth of them', async () => {
    const startedMs = world.time.now();
    await world.pull(dealsWith({ requests_per_second: 0.5 }));
    expect(world.time.now() - startedMs).toBe((vendor.requests.length - 5) * 2000);
  });

  it('of single commands inside a batch are waited out, and no item is lost', async () => {
    portal.commandErrors['crm.deal.productrows.get?id=1'] = { error: 'QUERY_LIMIT_EXCEEDED', error_description: '' };
    expect((await world.pull(deals)).outcome).toBe('ok');
    expect((await dealOf('1')).items).toHaveLength(2);
  });
});

describe('errors', () => {
  const failureOf = async (reply: VendorReply) => {
    vendor.answerWith(() => reply);
    return (await world.pull(source)).streams[0]?.failure;
  };

  it('are seen by the key of the answer, whatever the status and however empty the code', async () => {
    const failure = await failureOf({ body: { error: '', error_description: 'Access denied.' } });
    expect(failure).toMatchObject({
      reason: 'auth',
      detail: expect.stringContaining('the webhook is refused: Access denied.'),
    });
  });

  it('of a web page instead of data are told in plain words', async () => {
    const page = '<!DOCTYPE html><html><head><title>Maintenance</title></head><body></body></html>';
    const failure = await failureOf({ status: 200, headers: { 'content-type': 'text/html' }, body: page });
    expect(failure).toMatchObject({
      reason: 'transient',
      detail: expect.stringContaining('a web page came instead of data (Maintenance)'),
    });
  });

  it('of a portal that is no more are not tried again', async () => {
    const failure = await failureOf({ status: 404, body: { error: 'PORTAL_DELETED', error_description: '' } });
    expect(failure?.reason).toBe('gone');
    expect(calls('crm.contact.list')).toHaveLength(1);
  });

  it('of a deal deleted under the paging leave it without items', async () => {
    portal.commandErrors['crm.deal.productrows.get?id=1'] = { error: '', error_description: 'Not found.' };
    expect((await world.pull(deals)).outcome).toBe('ok');
    expect((await dealOf('1')).items).toEqual([]);
  });

  it('of a missing scope for leads or users leave requests and names out and nothing else', async () => {
    const refused = { status: 403, body: { error: 'insufficient_scope', error_description: 'no scope' } };
    vendor.answerWith((request) => (/lead|user/.test(request.path) ? refused : portal.answer(request)));
    expect((await world.pull(source)).outcome).toBe('ok');
    expect(await world.alive('lead')).toHaveLength(0);
    expect(await dealOf('1')).toMatchObject({ manager: '7' });
  });
});

describe('contacts and leads', () => {
  it('bring hashed phones and e-mails, equal for every way of writing one phone', async () => {
    portal.contacts = [contact(311)];
    await world.pull(onlyStreams(source, 'contacts', 'leads'));
    const [card] = await world.alive('client');
    const [lead] = await world.alive('lead');
    const hashes = JSON.parse(card?.record ?? '{}').phone_hashes;
    expect(hashes).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(JSON.parse(lead?.record ?? '{}')).toMatchObject({ kind: 'crm', client_id: '311', phone_hashes: hashes });
    expect(card?.payload).not.toContain('000-00-01');
  });
});

import { tableFromIPC } from 'apache-arrow';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProblemDocument } from '../../domain/problem.ts';
import type { Catalog, Report } from '../../reports/contract.ts';
import type { ValuePage } from '../../reports/query/dimension-values.ts';
import { createTokenStore } from '../../warehouse/token-store.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { WarehouseError } from '../../warehouse/warehouse-error.ts';
import { testWarehouse } from '../support/clickhouse.ts';
import { clock, insertMarts, project, sale, utc } from './marts.ts';
import { type Served, serveReports } from './serve.ts';

let warehouse: Warehouse;
let open: Served;
let closed: Served;
let readToken: string;
let ingestToken: string;

const at = '2026-01-10T12:00:00Z';
const question = {
  metrics: ['visits', 'revenue', 'conversion'],
  dimensions: ['channel', 'campaign'],
  from: '2026-01-01',
  to: '2026-01-31',
};

beforeAll(async () => {
  warehouse = await testWarehouse();
  const { deal, payment } = sale('crm:1', { at, amount: '1234.56' });
  await insertMarts(warehouse, {
    visits: [1, 2, 3].map((hour) => ({
      started_at: utc(`2026-01-10T0${hour}:00:00Z`),
      channel: 'Email',
      campaign: '=HYPERLINK("x")',
      landing_page: '/',
    })),
    deals: [{ ...deal, manager: 'Olga' }],
    payments: [{ ...payment, payment_method: 'card' }],
  });
  const tokens = createTokenStore({ warehouse, project: project.name, clock });
  readToken = (await tokens.createToken({ name: 'bi', scopes: ['read'] })).token;
  ingestToken = (await tokens.createToken({ name: 'site', scopes: ['ingest'] })).token;
  open = await serveReports(warehouse);
  closed = await serveReports(warehouse, { auth: { mode: 'tokens', tokens } });
});

afterAll(async () => {
  await open.close();
  await closed.close();
});

/** The JSON of an answer; its shape is what the test is about. */
const readJson = async <Answer>(answer: Response | Promise<Response>): Promise<Answer> =>
  (await answer).json() as Promise<Answer>;

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

const report = (headers: Record<string, string> = {}, query = '') =>
  post(`${open.url}/api/v1/report${query}`, question, headers);

describe('warnings', () => {
  it('speak the language that the asker reads', async () => {
    const asked = { metrics: ['gross_profit'], from: question.from, to: question.to };
    const warning = async (language: string): Promise<readonly string[]> => {
      const answer = post(`${open.url}/api/v1/report`, asked, { 'accept-language': language });
      return (await readJson<Report>(answer)).meta.warnings;
    };
    expect(await warning('ru-RU,ru;q=0.9,en;q=0.5')).toContainEqual(expect.stringContaining('себестоимость известна'));
    expect(await warning('de')).toContainEqual(expect.stringContaining('cost of goods is known'));
  });
});

describe('GET', () => {
  it('asks the same as POST with lists by comma', async () => {
    const parameters = new URLSearchParams({
      metrics: 'visits,revenue',
      dimensions: 'channel',
      from: question.from,
      to: question.to,
      model: 'linear',
      window_days: '30',
      filters: JSON.stringify([{ field: 'channel', op: 'ne', value: 'Direct' }]),
      sort: '-visits,channel',
      limit: '5',
      include_bots: 'true',
    });
    const got = await readJson<Report>(fetch(`${open.url}/api/v1/report?${parameters}`));
    const posted = await post(`${open.url}/api/v1/report`, {
      ...question,
      metrics: ['visits', 'revenue'],
      dimensions: ['channel'],
      attribution: { model: 'linear', window_days: 30 },
      filters: [{ field: 'channel', op: 'ne', value: 'Direct' }],
      sort: [{ field: 'visits', desc: true }, { field: 'channel' }],
      limit: 5,
      include_bots: true,
    });
    expect(got).toEqual(await posted.json());
    expect(got.rows).toHaveLength(2);
  });

  it('names a parameter that stands twice or that nobody knows', async () => {
    const twice = await fetch(`${open.url}/api/v1/report?metrics=visits&metrics=leads`);
    expect(await twice.json()).toMatchObject({ status: 400, errors: [{ path: 'metrics' }] });
    const unknown = await fetch(`${open.url}/api/v1/report?metrics=visits&from=2026-01-01&to=2026-01-31&metric=x`);
    expect(await unknown.json()).toMatchObject({ errors: [{ path: 'metric' }] });
  });
});

describe('formats', () => {
  it('hold the same numbers', async () => {
    const json = await readJson<Report>(report());
    const csv: Record<string, string>[] = parse(await (await report({ accept: 'text/csv' })).text(), { columns: true });
    const lines = (await (await report({}, '?format=ndjson')).text()).trim().split('\n');
    const arrow = tableFromIPC(await (await report({ accept: 'application/vnd.apache.arrow.stream' })).arrayBuffer());
    expect(json.rows).toHaveLength(2);
    expect(lines.map((line) => JSON.parse(line))).toEqual(json.rows);
    expect(arrow.toArray().map((row) => row.toJSON())).toEqual(json.rows);
    for (const name of question.metrics) {
      const numbers = json.rows.map((row) => (row[name] === null ? '' : String(row[name])));
      expect(csv.map((row) => row[name])).toEqual(numbers);
    }
  });

  it('of no rows still have their columns', async () => {
    const empty = { ...question, from: '2020-01-01', to: '2020-01-02' };
    const csv = await post(`${open.url}/api/v1/report?format=csv`, empty);
    expect(await csv.text()).toBe('channel,campaign,visits,revenue,conversion\r\n');
    const arrow = tableFromIPC(await (await post(`${open.url}/api/v1/report?format=arrow`, empty)).arrayBuffer());
    expect(arrow.schema.fields.map((field) => field.name)).toEqual([
      'channel',
      'campaign',
      'visits',
      'revenue',
      'conversion',
    ]);
    expect(arrow.numRows).toBe(0);
  });

  it('in CSV take the teeth out of formulas and end lines with CRLF', async () => {
    const text = await (await report({}, '?format=csv')).text();
    expect(text).toContain('Email,"\'=HYPERLINK(""x"")",3,0,0\r\n');
  });

  it('that nobody knows are refused with the list', async () => {
    const answer = await report({}, '?format=xml');
    expect(answer.status).toBe(406);
    expect((await readJson<ProblemDocument>(answer)).detail).toContain('csv (text/csv)');
  });
});

describe('the report', () => {
  it('explains itself without the values of its parameters', async () => {
    const secret = 'needle-in-a-haystack';
    const filters = [{ field: 'campaign', op: 'ne', value: secret }];
    const { meta } = await readJson<Report>(post(`${open.url}/api/v1/report?explain=1`, { ...question, filters }));
    expect(meta.explain?.formulas).toMatchObject({ conversion: 'sales ÷ visits' });
    expect(meta.explain?.sql).toContain('FROM visits');
    expect(meta.explain?.sql).not.toContain(secret);
  });

  it('refuses with a problem document that names the path', async () => {
    const answer = await post(`${open.url}/api/v1/report`, { ...question, metrics: ['visit'] });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({
      status: 400,
      errors: [{ path: 'metrics.0', message: expect.stringContaining('not a metric') }],
    });
  });

  it('says when the body is not JSON', async () => {
    const answer = await fetch(`${open.url}/api/v1/report`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ detail: 'the body is not JSON' });
  });

  it('tells nothing of the database when it fails', async () => {
    const broken = {
      ...warehouse,
      query: () => Promise.reject(new WarehouseError('secret.host refused', { kind: 'unreachable' })),
    };
    const served = await serveReports(broken);
    const answer = await post(`${served.url}/api/v1/report`, question);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('30');
    expect(await answer.text()).not.toContain('secret.host');
    await served.close();
  });
});

describe('the catalog and values', () => {
  it('list what can be asked for, with examples', async () => {
    const catalog = await readJson<Catalog>(fetch(`${open.url}/api/v1/meta`));
    expect(catalog.project).toEqual({
      name: 'shop',
      timezone: 'Europe/Moscow',
      currency: 'RUB',
      money_source: 'payments',
    });
    const roi = catalog.metrics.find(({ name }) => name === 'roi');
    expect(roi).toMatchObject({
      unit: 'ratio',
      label: { ru: 'ROI' },
      dimensions: expect.arrayContaining(['channel', 'campaign']),
    });
    expect(roi?.dimensions).not.toContain('device');
    const channel = catalog.dimensions.find(({ name }) => name === 'channel');
    expect(channel?.examples).toEqual(['Email']);
    expect(catalog.models[0]?.name).toBe('last_non_direct');
  });

  it.each([
    ['dimension=channel', ['Email', 'No visit']],
    ['dimension=channel&q=MAIL', ['Email']],
    ['dimension=manager', ['Olga']],
    ['dimension=payment_method', ['card']],
    ['dimension=weekday', ['1', '2', '3', '4', '5', '6', '7']],
    ["dimension=deal_field:x'] OR 1&q='", []],
  ])('give the values of %s', async (query, items) => {
    expect((await readJson<ValuePage>(fetch(`${open.url}/api/v1/values?${query}`))).items).toEqual(items);
  });

  it('can be had for every dimension', async () => {
    const catalog = await readJson<Catalog>(fetch(`${open.url}/api/v1/meta`));
    for (const { name } of catalog.dimensions) {
      expect((await fetch(`${open.url}/api/v1/values?dimension=${name}`)).status).toBe(200);
    }
  });

  it('come a page at a time', async () => {
    const first = await readJson<ValuePage>(fetch(`${open.url}/api/v1/values?dimension=channel&limit=1`));
    expect(first.items).toEqual(['Email']);
    const second = await (
      await fetch(`${open.url}/api/v1/values?dimension=channel&limit=1&cursor=${first.next_cursor}`)
    ).json();
    expect(second).toEqual({ items: ['No visit'], next_cursor: null });
  });

  it('refuse a cursor that none of their pages gave', async () => {
    const answer = await fetch(`${open.url}/api/v1/values?dimension=channel&cursor=%7A%7A%7A`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ path: 'cursor' }] });
  });
});

describe('access', () => {
  const ask = (headers: Record<string, string>) => post(`${closed.url}/api/v1/report`, question, headers);

  it('needs a token of scope read', async () => {
    expect((await ask({})).status).toBe(401);
    expect((await ask({})).headers.get('www-authenticate')).toContain('Bearer');
    expect((await ask({ authorization: 'Bearer tl_wrong' })).status).toBe(401);
    expect((await ask({ authorization: `Bearer ${ingestToken}` })).status).toBe(403);
    expect((await ask({ authorization: `Bearer ${readToken}` })).status).toBe(200);
  });

  it('is checked before the body is read', async () => {
    const answer = await fetch(`${closed.url}/api/v1/report`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expect(answer.status).toBe(401);
  });

  it('by a session lasts until it is ended', async () => {
    expect((await post(`${closed.url}/api/v1/session`, { token: ingestToken })).status).toBe(403);
    const signedIn = await post(`${closed.url}/api/v1/session`, { token: readToken });
    expect(signedIn.status).toBe(204);
    const set = signedIn.headers.get('set-cookie') ?? '';
    expect(set).toContain('HttpOnly');
    expect(set).toContain('SameSite=Strict');
    expect(set).not.toContain(readToken);
    const cookie = set.split(';')[0] ?? '';
    expect((await ask({ cookie })).status).toBe(200);
    expect(await (await fetch(`${closed.url}/api/v1/session`, { headers: { cookie } })).json()).toEqual({
      auth: 'tokens',
      signed_in: true,
    });
    await fetch(`${closed.url}/api/v1/session`, { method: 'DELETE', headers: { cookie } });
    expect((await ask({ cookie })).status).toBe(401);
  });

  it('of a session ends when its token is revoked', async () => {
    const tokens = createTokenStore({ warehouse, project: project.name, clock });
    const { token, info } = await tokens.createToken({ name: 'guest', scopes: ['read'] });
    const cookie =
      (await post(`${closed.url}/api/v1/session`, { token })).headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await ask({ cookie })).status).toBe(200);
    await tokens.revokeToken(info.id);
    expect((await ask({ cookie })).status).toBe(401);
  });
});

it('answers carry a strict content security policy', async () => {
  const policy = (await report()).headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');
});

it('paths of nobody are left to whoever is mounted after the reports, without their headers', async () => {
  const answer = await fetch(`${open.url}/t.js`);
  expect(answer.status).toBe(404);
  expect(answer.headers.get('cross-origin-resource-policy')).toBeNull();
});

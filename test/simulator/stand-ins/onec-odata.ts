import type { Phase, World } from '../world.ts';
import { createFaultScript, type FaultScript } from './fault-script.ts';
import { type Answer, htmlFault, json, type Request, type RunningServer, startServer } from './http-server.ts';
import { type OdataRow, orderRows, parseFilter, selectFields } from './odata-filter.ts';
import { documentsOf, type EntityName } from './onec-documents.ts';

export type OdataFault = 'html-500' | 'html-200' | 'server-error';

export interface OdataStandIn extends RunningServer {
  readonly odataUrl: string;
  readonly login: string;
  readonly password: string;
  readonly faults: FaultScript<OdataFault>;
  setPhase(phase: Phase): void;
}

const login = 'odata.user';
const password = 'Сложный-пароль-1';
const root = '/ut/odata/standard.odata';

/** The standard OData interface of a published 1C base (УТ 11): https://its.1c.ru/db/v8327doc#bookmark:dev:TI000001358 */
export async function startOdata(world: World): Promise<OdataStandIn> {
  const faults = createFaultScript<OdataFault>();
  let phase: Phase = 'initial';
  const read = createReader(world);
  const server = await startServer((request) => {
    const fault = faults.take();
    if (fault !== undefined) return faultAnswer(fault);
    if (!isAllowed(request)) return { status: 401, headers: { 'www-authenticate': 'Basic realm="1C"' }, body: '' };
    return answer(request.url, read(phase));
  });
  return {
    ...server,
    odataUrl: `${server.url}${root}`,
    login,
    password,
    faults,
    setPhase: (next) => {
      phase = next;
    },
  };
}

type Documents = Readonly<Record<EntityName, OdataRow[]>>;

function createReader(world: World): (phase: Phase) => Documents {
  let kept: { key: string; documents: Documents } | undefined;
  return (phase) => {
    const key = `${phase}/${world.live.changes.length}`;
    if (kept?.key !== key) kept = { key, documents: documentsOf(world.state(phase)) };
    return kept.documents;
  };
}

function isAllowed(request: Request): boolean {
  const [scheme, encoded = ''] = (request.headers.authorization ?? '').split(' ');
  return scheme === 'Basic' && Buffer.from(encoded, 'base64').toString('utf8') === `${login}:${password}`;
}

function faultAnswer(fault: OdataFault): Answer {
  if (fault === 'html-200') return { ...htmlFault, status: 200 };
  if (fault === 'html-500') return htmlFault;
  return odataError(500, '1', 'Внутренняя ошибка сервера');
}

const odataError = (status: number, code: string, text: string): Answer =>
  json(status, { 'odata.error': { code, message: { lang: 'ru', value: text } } });

function answer(url: URL, documents: Documents): Answer {
  const path = decodeURIComponent(url.pathname);
  if (!path.startsWith(root)) return { ...htmlFault, status: 404 };
  const [name = '', tail] = path.slice(root.length + 1).split('/');
  if (name === '$metadata')
    return { status: 200, headers: { 'content-type': 'application/xml;charset=utf-8' }, body: metadata(documents) };
  const rows = (documents as Readonly<Record<string, OdataRow[]>>)[name];
  if (!rows) return odataError(404, '8', `Тип сущности "${name}" не найден`);
  // A plus is no space for 1C, though it is one for every URL builder.
  const query = new URLSearchParams(url.search.replaceAll('+', '%2B'));
  try {
    const kept = filtered(rows, query.get('$filter'));
    if (tail === '$count') return { status: 200, headers: { 'content-type': 'text/plain' }, body: String(kept.length) };
    return listAnswer(name, kept, query);
  } catch (error) {
    return odataError(400, '14', `Ошибка разбора опций запроса: ${String(error)}`);
  }
}

const filtered = (rows: readonly OdataRow[], filter: string | null): OdataRow[] =>
  filter === null ? [...rows] : rows.filter(parseFilter(filter));

function listAnswer(name: string, rows: readonly OdataRow[], query: URLSearchParams): Answer {
  const ordered = query.has('$orderby') ? orderRows(rows, query.get('$orderby') ?? '') : [...rows];
  const skip = Number(query.get('$skip') ?? 0);
  const top = query.has('$top') ? Number(query.get('$top')) : ordered.length;
  const value = ordered.slice(skip, skip + top).map((row) => selectFields(row, query.get('$select')));
  const count = query.get('$inlinecount') === 'allpages' ? { 'odata.count': String(rows.length) } : {};
  return json(200, { 'odata.metadata': `$metadata#${name}`, ...count, value });
}

function propertyType(field: string, value: unknown): string {
  if (field === 'LineNumber') return 'Edm.Int64';
  if (field === 'Date') return 'Edm.DateTime';
  if (field.endsWith('_Key')) return 'Edm.Guid';
  if (typeof value === 'boolean') return 'Edm.Boolean';
  return typeof value === 'number' ? 'Edm.Double' : 'Edm.String';
}

const property = ([field, value]: [string, unknown]): string =>
  `<Property Name="${field}" Type="${propertyType(field, value)}" Nullable="true"/>`;

function entityType(name: string, row: OdataRow): string {
  const parts = Object.entries(row).filter(([, value]) => Array.isArray(value));
  const plain = Object.entries(row).filter(([, value]) => !Array.isArray(value));
  const collections = parts.map(
    ([part]) => `<Property Name="${part}" Type="Collection(StandardODATA.${name}_${part}_RowType)"/>`,
  );
  const own = `<EntityType Name="${name}"><Key><PropertyRef Name="Ref_Key"/></Key>${plain.map(property).join('')}${collections.join('')}</EntityType>`;
  const rows = parts.map(([part, lines]) => {
    const [line = {}] = lines as OdataRow[];
    return `<ComplexType Name="${name}_${part}_RowType">${Object.entries(line).map(property).join('')}</ComplexType>`;
  });
  return own + rows.join('');
}

/** `$metadata`, which is XML only. */
function metadata(documents: Documents): string {
  const sample = (rows: readonly OdataRow[]): OdataRow =>
    rows.find((row) => Object.values(row).every((value) => !Array.isArray(value) || value.length > 0)) ??
    rows[0] ??
    emptyMoney(documents);
  const types = Object.entries(documents).map(([name, rows]) => entityType(name, sample(rows)));
  return `<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx" Version="1.0"><edmx:DataServices m:DataServiceVersion="3.0" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"><Schema Namespace="StandardODATA" xmlns="http://schemas.microsoft.com/ado/2009/11/edm">${types.join('')}</Schema></edmx:DataServices></edmx:Edmx>`;
}

/** A base describes an entity that has no documents yet as fully as any other: money documents are alike. */
function emptyMoney(documents: Documents): OdataRow {
  const lists = [documents.Document_ПоступлениеБезналичныхДенежныхСредств, documents.Document_ОперацияПоПлатежнойКарте];
  const found = lists.flat().find((row) => (row.РасшифровкаПлатежа as unknown[]).length > 0);
  return found ?? {};
}

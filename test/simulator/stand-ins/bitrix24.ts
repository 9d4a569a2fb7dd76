import { timingSafeEqual } from 'node:crypto';
import { minuteMs, moscowIso } from '../moscow.ts';
import type { Phase, World } from '../world.ts';
import { type CrmRow, categories, crmOf, customFields, productRows, statusRows, users } from './bitrix24-rows.ts';
import { createFaultScript, type FaultScript } from './fault-script.ts';
import { type Answer, htmlFault, json, type Request, type RunningServer, startServer } from './http-server.ts';
import { parsePhpQuery } from './php-query.ts';

export type Bitrix24Fault = 'server-error' | 'html' | 'repeat-page' | 'operation-limit' | 'query-limit';

export interface Bitrix24StandIn extends RunningServer {
  readonly webhookUrl: string;
  readonly faults: FaultScript<Bitrix24Fault>;
  /** The cloud's leaky bucket: 2 requests a second and 50 at once. Without it no request is refused. */
  setRate(rate: { readonly perSecond: number; readonly burst: number } | undefined): void;
  setPhase(phase: Phase): void;
}

type Params = Record<string, unknown>;
type Result = { readonly result: unknown; readonly total?: number; readonly next?: number };

const secret = 'k7z2secret9demo1';
const pageSize = 50;

/** The portal of the shop behind an incoming webhook: https://apidocs.bitrix24.ru/local-integrations/local-webhooks.html */
export async function startBitrix24(world: World): Promise<Bitrix24StandIn> {
  const faults = createFaultScript<Bitrix24Fault>();
  const portal = createPortal(world);
  let bucket = createBucket(undefined);
  let lastPage: Answer | undefined;
  const server = await startServer((request) => {
    const method = methodOf(request.url.pathname);
    if (method === undefined) return errorAnswer(401, 'NO_AUTH_FOUND', 'Wrong authorization data');
    const params = readParams(request);
    const fault = faults.take();
    if (fault === 'repeat-page' && lastPage !== undefined) return lastPage;
    if (fault !== undefined && fault !== 'repeat-page') return faultAnswer(fault);
    const weight = method === 'batch' ? Math.max(1, Object.keys((params.cmd as Params | undefined) ?? {}).length) : 1;
    if (!bucket(weight)) return faultAnswer('query-limit');
    const answer = portal.answer(method, params);
    if (method.endsWith('.list')) lastPage = answer;
    return answer;
  });
  return {
    ...server,
    webhookUrl: `${server.url}/rest/1/${secret}/`,
    faults,
    setRate: (rate) => {
      bucket = createBucket(rate);
    },
    setPhase: portal.setPhase,
  };
}

function methodOf(path: string): string | undefined {
  const match = /^\/rest\/1\/([^/]+)\/([a-z.]+?)(?:\.json)?\/?$/.exec(path);
  const [, given = '', method] = match ?? [];
  const isRight = given.length === secret.length && timingSafeEqual(Buffer.from(given), Buffer.from(secret));
  return isRight ? method : undefined;
}

function readParams(request: Request): Params {
  const query = parsePhpQuery(request.url.search.slice(1));
  const text = request.body.toString('utf8');
  if (text === '') return query;
  const isJson = (request.headers['content-type'] ?? '').includes('json');
  return { ...query, ...(isJson ? (JSON.parse(text) as Params) : parsePhpQuery(text)) };
}

const errorAnswer = (status: number, error: string, description: string): Answer =>
  json(status, { error, error_description: description });

function faultAnswer(fault: Exclude<Bitrix24Fault, 'repeat-page'>): Answer {
  switch (fault) {
    case 'server-error':
      return errorAnswer(500, 'INTERNAL_SERVER_ERROR', 'Internal server error');
    case 'html':
      return htmlFault;
    case 'operation-limit':
      return errorAnswer(429, 'OPERATION_TIME_LIMIT', 'Method is blocked due to operation time limit.');
    case 'query-limit':
      return errorAnswer(503, 'QUERY_LIMIT_EXCEEDED', 'Too many requests');
  }
}

function createBucket(
  rate: { readonly perSecond: number; readonly burst: number } | undefined,
): (weight: number) => boolean {
  if (rate === undefined) return () => true;
  let level = 0;
  let drainedAt = performance.now();
  return (weight) => {
    const now = performance.now();
    level = Math.max(0, level - ((now - drainedAt) / 1000) * rate.perSecond);
    drainedAt = now;
    if (level + weight > rate.burst) return false;
    level += weight;
    return true;
  };
}

interface Portal {
  answer(method: string, params: Params): Answer;
  setPhase(phase: Phase): void;
}

function createPortal(world: World): Portal {
  let phase: Phase = 'initial';
  const startedAt = Date.now();
  // The world's last minutes belong to the changes: what was there before was changed earlier than the portal's clock says.
  const clock = (): number =>
    (phase === 'initial' ? world.period.nowMs - 8 * minuteMs : world.period.nowMs) + (Date.now() - startedAt);
  const timed = (result: Result): Answer => json(200, { ...result, time: timeBlock(clock()) });
  const read = createReader(world);
  const call = (method: string, params: Params): Result | Answer => callMethod(method, params, read(phase));
  const batch = (params: Params): Answer => {
    const commands = (params.cmd as Record<string, string> | undefined) ?? {};
    if (Object.keys(commands).length > 50)
      return errorAnswer(400, 'ERROR_BATCH_LENGTH_EXCEEDED', 'Max batch length exceeded');
    return timed({ result: runBatch(commands, call) });
  };
  return {
    answer: (method, params) => {
      if (method === 'batch') return batch(params);
      const made = call(method, params);
      return 'status' in made ? made : timed(made);
    },
    setPhase: (next) => {
      phase = next;
    },
  };
}

function timeBlock(nowMs: number) {
  const seconds = nowMs / 1000;
  return {
    start: seconds,
    finish: seconds + 0.02,
    duration: 0.02,
    processing: 0.01,
    date_start: moscowIso(nowMs),
    date_finish: moscowIso(nowMs),
    operating_reset_at: Math.floor(seconds) + 600,
    operating: 0.31,
  };
}

function runBatch(
  commands: Readonly<Record<string, string>>,
  call: (method: string, params: Params) => Result | Answer,
) {
  const result: Params = {};
  const errors: Params = {};
  const totals: Params = {};
  const nexts: Params = {};
  const times: Params = {};
  for (const [name, command] of Object.entries(commands)) {
    const [method = '', query = ''] = command.split('?');
    const made = call(method, parsePhpQuery(substitute(query, result)));
    if ('status' in made) {
      errors[name] = JSON.parse(String(made.body));
      continue;
    }
    result[name] = made.result;
    if (made.total !== undefined) totals[name] = made.total;
    if (made.next !== undefined) nexts[name] = made.next;
    times[name] = { duration: 0.01 };
  }
  // PHP writes an empty map as a list.
  const php = (map: Params): unknown => (Object.keys(map).length === 0 ? [] : map);
  return {
    result: php(result),
    result_error: php(errors),
    result_total: php(totals),
    result_next: php(nexts),
    result_time: php(times),
  };
}

/** `$result[deals][49][ID]` of an earlier command. */
function substitute(query: string, results: Params): string {
  return query.replace(/\$result((?:\[[^\]]+\])+)/g, (_, path: string) => {
    let value: unknown = results;
    for (const [, key = ''] of path.matchAll(/\[([^\]]+)\]/g)) value = (value as Params | undefined)?.[key];
    return String(value ?? '');
  });
}

type Crm = ReturnType<typeof crmOf>;

/** The portal's lists, made anew only when something has changed. */
function createReader(world: World): (phase: Phase) => Crm {
  let kept: { key: string; crm: Crm } | undefined;
  return (phase) => {
    const key = [phase, world.live.changes.length, world.codes.size].join('/');
    if (kept?.key !== key) kept = { key, crm: crmOf(world.state(phase), world.codes) };
    return kept.crm;
  };
}

function callMethod(method: string, params: Params, crm: Crm): Result | Answer {
  switch (method) {
    case 'crm.deal.list':
      return listRows(crm.deals, params, ['UF_']);
    case 'crm.contact.list':
      return listRows(crm.contacts, params, ['PHONE', 'EMAIL']);
    case 'crm.lead.list':
      return listRows(crm.leads, params, ['PHONE', 'EMAIL', 'UF_']);
    case 'crm.deal.fields':
    case 'crm.lead.fields':
      return { result: fieldsOf(method === 'crm.deal.fields' ? crm.deals : crm.leads) };
    case 'crm.deal.productrows.get': {
      const deal = crm.dealById.get(String(params.id));
      return deal ? { result: productRows(deal) } : errorAnswer(400, '', 'Not found');
    }
    case 'crm.status.list':
      return listRows(statusRows(), params, []);
    case 'crm.category.list':
      return { result: { categories: categories() }, total: categories().length };
    case 'crm.stagehistory.list': {
      const made = listRows(crm.stages, params, []);
      return 'status' in made ? made : { ...made, result: { items: made.result } };
    }
    case 'user.get':
      return listRows(users(), params, []);
    default:
      return errorAnswer(404, 'ERROR_METHOD_NOT_FOUND', 'Method not found!');
  }
}

/** Filter, order, select and page of a classic list. `onlyWhenAsked`: fields that a named select leaves out unless it names them. */
function listRows(rows: readonly CrmRow[], params: Params, onlyWhenAsked: readonly string[]): Result | Answer {
  const filter = params.filter ?? {};
  if (typeof filter !== 'object' || filter === null) return errorAnswer(400, '', "Parameter 'filter' must be array.");
  const kept = rows.filter((row) => Object.entries(filter).every(([key, wanted]) => matches(row, key, wanted)));
  const ordered = order(kept, (params.order as Record<string, string> | undefined) ?? {});
  const start = Number(params.start ?? 0);
  const from = Math.max(0, start);
  const select = params.select as string[] | undefined;
  const page = ordered.slice(from, from + pageSize).map((row) => pick(row, select, onlyWhenAsked));
  if (start === -1) return { result: page };
  const next = from + pageSize < ordered.length ? { next: from + pageSize } : {};
  return { result: page, total: ordered.length, ...next };
}

const comparable = (value: unknown): number | string => {
  const text = String(value ?? '');
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  const ms = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? text : ms;
};

function matches(row: CrmRow, key: string, wanted: unknown): boolean {
  const [, operator = '', field = ''] = /^(>=|<=|!=|!@|>|<|=|!|@)?(.+)$/.exec(key) ?? [];
  const value = comparable(row[field]);
  const list = (Array.isArray(wanted) ? wanted : [wanted]).map(comparable);
  const [first = ''] = list;
  switch (operator) {
    case '>=':
      return value >= first;
    case '<=':
      return value <= first;
    case '>':
      return value > first;
    case '<':
      return value < first;
    case '!':
    case '!=':
    case '!@':
      return !list.includes(value);
    default:
      return list.includes(value);
  }
}

function order(rows: readonly CrmRow[], by: Readonly<Record<string, string>>): CrmRow[] {
  const fields = Object.entries(by);
  return [...rows].sort((a, b) => {
    for (const [field, direction] of fields) {
      const [left, right] = [comparable(a[field]), comparable(b[field])];
      if (left === right) continue;
      const isLess = left < right;
      return isLess === (direction.toUpperCase() === 'DESC') ? 1 : -1;
    }
    return 0;
  });
}

function pick(row: CrmRow, select: readonly string[] | undefined, onlyWhenAsked: readonly string[]): Params {
  const isMulti = (field: string): boolean => onlyWhenAsked.some((name) => name !== 'UF_' && name === field);
  const isAsked = (field: string): boolean => {
    if (select === undefined || select.length === 0) return !isMulti(field);
    if (select.includes(field)) return true;
    if (field.startsWith('UF_')) return select.includes('UF_*');
    return select.includes('*') && !isMulti(field);
  };
  return Object.fromEntries(Object.entries(row).filter(([field]) => isAsked(field)));
}

function fieldsOf(rows: readonly CrmRow[]): Params {
  const [row] = rows;
  const titles: Readonly<Record<string, string>> = customFields;
  return Object.fromEntries(
    Object.keys(row ?? { ID: '' }).map((code) => [
      code,
      {
        type: code.startsWith('UF_') ? 'string' : 'integer',
        isRequired: false,
        isReadOnly: false,
        isImmutable: false,
        isMultiple: false,
        isDynamic: code.startsWith('UF_'),
        title: code,
        ...(titles[code] ? { listLabel: titles[code], formLabel: titles[code] } : {}),
      },
    ]),
  );
}

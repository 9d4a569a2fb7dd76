import { setTimeout as pause } from 'node:timers/promises';
import { type CollectRequest, collectRequests, ingestRows } from './browser-payloads.ts';
import { sourceIds } from './catalogue.ts';
import type { CostRow, Visit } from './model.ts';
import { dayMs } from './moscow.ts';
import type { Phase, World } from './world.ts';

export interface DeliverOptions {
  readonly baseUrl: string;
  /** Token of scope `ingest`: for visits older than 7 days and for costs written by hand. */
  readonly ingestToken: string;
  /** Clock of the collector, ms; default: that of the world. */
  readonly nowMs?: number;
  readonly phase?: Phase;
  readonly concurrency?: number;
  readonly onProgress?: (progress: Delivered & { readonly visits: number }) => void;
}

export interface Delivered {
  /** Visits on their way through /collect, and through ingest. */
  collected: number;
  ingested: number;
  events: number;
  costs: number;
}

// The collector takes 7 days; the half day less keeps a slow run from crossing the border.
const collectableMs = 6.5 * dayMs;
const rowsPerIngest = 5_000;

/** Sends what browsers did in a phase (in `later`: only what is new) and keeps the visit codes the collector gives in `world.codes`. */
export async function deliver(world: World, options: DeliverOptions): Promise<Delivered> {
  const nowMs = options.nowMs ?? world.period.nowMs;
  const visits = newVisits(world, options.phase ?? 'initial');
  const [recent, old] = partition(visits, (visit) => visit.startedAt > nowMs - collectableMs);
  const delivered: Delivered = { collected: 0, ingested: 0, events: 0, costs: 0 };
  const tell = () => options.onProgress?.({ ...delivered, visits: visits.length });
  await ingestVisits(old, options, delivered, tell);
  await inParallel(recent, options.concurrency ?? 16, async (visit) => {
    await collectVisit(world, visit, options.baseUrl);
    delivered.collected++;
    delivered.events += visit.hits.length;
    tell();
  });
  const costs = options.phase === 'later' ? [] : [...world.state('initial').costs.values()];
  const rows = costs.filter((row) => row.route === 'ingest').map(toCostRow);
  if (rows.length > 0) await ingest('costs', rows, options);
  delivered.costs = rows.length;
  return delivered;
}

function newVisits(world: World, phase: Phase): Visit[] {
  if (phase === 'initial') return [...world.state('initial').visits.values()];
  return world.changes.flatMap((change) => (change.kind === 'visit' ? [change.value] : []));
}

function partition<T>(list: readonly T[], isFirst: (value: T) => boolean): [T[], T[]] {
  return [list.filter(isFirst), list.filter((value) => !isFirst(value))];
}

async function inParallel<T>(list: readonly T[], concurrency: number, run: (value: T) => Promise<void>): Promise<void> {
  const queue = list.values();
  const worker = async (): Promise<void> => {
    for (const value of queue) await run(value);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

async function collectVisit(world: World, visit: Visit, baseUrl: string): Promise<void> {
  for (let delivery = 0; delivery < visit.deliveries; delivery++) {
    for (const request of collectRequests(visit)) {
      const answer = await collect(request, baseUrl);
      if (typeof answer.visit_code === 'string' || typeof answer.visit_code === 'number') {
        world.codes.set(request.visitId, String(answer.visit_code));
      }
    }
  }
}

/** Posts events as a browser does. Throws when one of them is rejected. */
export async function collect(
  request: CollectRequest,
  baseUrl: string,
): Promise<{ visit_code?: unknown; rejected?: unknown }> {
  const { headers, body } = request;
  const response = await post(`${baseUrl}/collect`, { headers, body: JSON.stringify(body) });
  const answer = (await response.json()) as { visit_code?: unknown; rejected?: unknown };
  if (answer.rejected !== undefined)
    throw new Error(`the collector rejected events: ${JSON.stringify(answer.rejected)}`);
  return answer;
}

async function ingestVisits(
  visits: readonly Visit[],
  options: DeliverOptions,
  delivered: Delivered,
  tell: () => void,
): Promise<void> {
  let rows: Record<string, unknown>[] = [];
  const flush = async (): Promise<void> => {
    if (rows.length > 0) await ingest('events', rows, options);
    delivered.events += rows.length;
    rows = [];
    tell();
  };
  for (const visit of visits) {
    for (let delivery = 0; delivery < visit.deliveries; delivery++) rows.push(...ingestRows(visit));
    delivered.ingested++;
    if (rows.length >= rowsPerIngest) await flush();
  }
  await flush();
}

async function ingest(
  entity: string,
  rows: readonly Record<string, unknown>[],
  options: DeliverOptions,
): Promise<void> {
  await post(`${options.baseUrl}/api/v1/ingest/${entity}`, {
    headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${options.ingestToken}` },
    body: rows.map((row) => JSON.stringify(row)).join('\n'),
  });
}

/** A cost written by hand as the ingest API takes it. */
export function toCostRow(row: CostRow): Record<string, unknown> {
  const kopecks = row.cost.toString().padStart(3, '0');
  return {
    source: sourceIds.costs,
    id: row.id,
    ...(row.platform === null ? {} : { platform: row.platform }),
    date: row.date,
    to_date: row.toDate,
    campaign: row.campaign,
    utm_source: row.source,
    utm_medium: row.medium,
    utm_campaign: row.campaign,
    cost: `${kopecks.slice(0, -2)}.${kopecks.slice(-2)}`,
    currency: 'RUB',
    vat: row.vat,
    kind: row.kind,
    impressions: row.impressions,
    clicks: row.clicks,
  };
}

/** Posts until it is taken: a collector that is busy says when to come again. */
async function post(
  url: string,
  request: { headers: Readonly<Record<string, string>>; body: string },
): Promise<Response> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const response = await fetch(url, { method: 'POST', ...request });
    if (response.ok) return response;
    if (response.status !== 429 && response.status !== 503) {
      throw new Error(`${url} answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
    }
    await response.body?.cancel();
    await pause(1000 * Math.max(0.2, Number(response.headers.get('retry-after')) || 0.2));
  }
  throw new Error(`${url} is still busy after 20 attempts`);
}

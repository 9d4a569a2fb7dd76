import type { Report } from '../../reports/contract.ts';
import type { ReportProject } from '../../reports/query/project.ts';
import { runReport } from '../../reports/query/run.ts';
import type { NewRowOf } from '../../warehouse/table.ts';
import type { tables } from '../../warehouse/tables/index.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';

type New<Table extends keyof typeof tables> = NewRowOf<(typeof tables)[Table]>;

export interface Marts {
  visits?: readonly Partial<New<'visits'>>[];
  anonymous_hits?: readonly Partial<New<'anonymous_hits'>>[];
  costs?: readonly Partial<New<'costs'>>[];
  leads?: readonly Partial<New<'leads'>>[];
  deals?: readonly Partial<New<'deals'>>[];
  payments?: readonly Partial<New<'payments'>>[];
  deal_touches?: readonly Partial<New<'deal_touches'>>[];
  campaigns?: readonly Partial<New<'campaigns'>>[];
}

export const project = { name: 'shop', timezone: 'Europe/Moscow', currency: 'RUB', moneySource: 'payments' } as const;

/** `2026-01-10T12:00:00Z` → the text of an instant column. */
export const utc = (text: string): string => new Date(text).toISOString().replace('T', ' ').replace('Z', '');

/** The clock of these tests stands here. */
export const nowMs = Date.UTC(2026, 5, 1);
export const clock = { now: () => nowMs };

const defaults: Readonly<Record<keyof Marts, (row: Record<string, unknown>, index: number) => object>> = {
  visits: (row, index) => ({
    visit_id: `visit-${index}`,
    visitor_id: '00000000-0000-4000-8000-000000000001',
    ended_at: row.started_at,
    pageviews: 1,
    touch_kind: 'visit',
  }),
  anonymous_hits: (_row, index) => ({
    event_id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    type: 'pageview',
    site: 'demo',
  }),
  costs: (row, index) => ({
    record_key: `ads:${index}`,
    cost_key: `ads:${index}:${row.date}`,
    cost_source: 'ads',
    kind: 'media',
    cost_level: 'campaign',
    currency: 'RUB',
    cost_gross: row.cost_gross_base ?? '0',
  }),
  leads: (row, index) => ({
    lead_id: `lead-${index}`,
    kind: 'form',
    path_id: `lead:${row.lead_id ?? `lead-${index}`}`,
  }),
  deals: (row, index) => ({
    deal_key: `crm:${index}`,
    deal_source: 'crm',
    currency: 'RUB',
    amount: row.amount_base ?? '0',
    status_group: 'open',
    client_id: `client-${row.deal_key ?? index}`,
    updated_at: row.created_at,
    lead_at: row.created_at,
  }),
  payments: (row, index) => ({
    payment_key: `1c:${index}`,
    payment_source: '1c',
    currency: 'RUB',
    amount: row.amount_base,
  }),
  deal_touches: (_row, index) => ({ touch_id: `touch-${String(index).padStart(4, '0')}`, touch_kind: 'visit' }),
  campaigns: () => ({ named_at: utc('2026-01-01T00:00:00Z') }),
};

const tablesOfMarts = [
  'visits',
  'anonymous_hits',
  'costs',
  'leads',
  'deals',
  'payments',
  'deal_touches',
  'campaigns',
] as const;

const versioned = { project: project.name, run_no: '1', is_deleted: 0 };

/** What the stages write beside a payment of its deal. */
function ofDeal({ deals = [] }: Marts, payment: Record<string, unknown>): object {
  const deal = deals.find(({ deal_key }) => deal_key === payment.deal_key);
  if (deal === undefined || (deal.same_as ?? '') !== '')
    return { deal_key: '', deal_at: payment.paid_at, lead_at: payment.paid_at };
  return {
    deal_group: deal.status_group ?? 'open',
    deal_at: deal.created_at,
    lead_at: deal.lead_at ?? deal.created_at,
    cost_known: (deal.cogs ?? null) !== null,
  };
}

/** Places of the touches on their paths, by instant and id. */
function placed(touches: readonly Record<string, unknown>[]): readonly object[] {
  const order = (touch: Record<string, unknown>): string => `${touch.touched_at} ${touch.touch_id}`;
  const sorted = touches.toSorted((left, right) => (order(left) < order(right) ? -1 : 1));
  const seen = new Map<unknown, number>();
  return sorted.map((touch) => {
    const position = (seen.get(touch.path_id) ?? 0) + 1;
    seen.set(touch.path_id, position);
    return { position, ...touch };
  });
}

const completions: Partial<
  Record<keyof Marts, (rows: readonly Record<string, unknown>[], marts: Marts) => readonly object[]>
> = {
  deals: (rows) => rows.map((row) => ({ cogs_base: row.cogs ?? '0', delivery_base: row.delivery_cost ?? '0', ...row })),
  payments: (rows, marts) => rows.map((row) => ({ ...row, ...ofDeal(marts, row) })),
  deal_touches: placed,
};

/** Inserts rows of the marts; a row says only what the test is about. */
export async function insertMarts(warehouse: Warehouse, marts: Marts): Promise<void> {
  for (const table of tablesOfMarts) {
    const rows = (marts[table] ?? []).map((row, index) => ({ ...versioned, ...defaults[table](row, index), ...row }));
    await warehouse.insertRows(table, completions[table]?.(rows, marts) ?? rows);
  }
}

/** A sale paid in full: the deal and its one payment. */
export function sale(
  key: string,
  options: { at: string; paidAt?: string; amount: string; client?: string; saleNo?: number },
) {
  const paidAt = utc(options.paidAt ?? options.at);
  const deal = {
    deal_key: key,
    created_at: utc(options.at),
    lead_at: utc(options.at),
    amount_base: options.amount,
    paid_net: options.amount,
    status_group: 'won',
    first_paid_at: paidAt,
    is_sale: true,
    sale_at: paidAt,
    sale_no: options.saleNo ?? 1,
    first_sale_path: `deal:${key}`,
    first_sale_at: paidAt,
    ...(options.client === undefined ? {} : { client_id: options.client }),
  };
  const payment = { payment_key: `1c:${key}`, deal_key: key, paid_at: paidAt, amount_base: options.amount };
  return { deal, payment };
}

const january = { from: '2026-01-01', to: '2026-01-31' };

/** The answer to a request over January 2026 unless it says otherwise; a refusal fails the test with its reasons. */
export async function ask(warehouse: Warehouse, request: object, over: Partial<ReportProject> = {}): Promise<Report> {
  const deps = { warehouse, project: { ...project, ...over }, clock };
  const outcome = await runReport(deps, { ...january, ...request });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.errors));
  return outcome.value;
}

/** The refusal of a request, as `path: message` lines. */
export async function refusal(warehouse: Warehouse, request: object): Promise<readonly string[]> {
  const outcome = await runReport({ warehouse, project, clock }, { ...january, ...request });
  if (outcome.ok) throw new Error('the report was given');
  return outcome.errors.map(({ path, message }) => `${path}: ${message}`);
}

import type { CostRow } from '../model.ts';
import { netOf } from '../truth/vat.ts';
import type { Phase, World } from '../world.ts';
import { createFaultScript, type FaultScript } from './fault-script.ts';
import { type Answer, json, type Request, type RunningServer, startServer } from './http-server.ts';

export type DirectFault = 'server-error' | 'no-points' | 'cut-off';

export interface DirectStandIn extends RunningServer {
  readonly token: string;
  readonly faults: FaultScript<DirectFault>;
  setPhase(phase: Phase): void;
}

interface Params {
  readonly SelectionCriteria: {
    readonly DateFrom: string;
    readonly DateTo: string;
    readonly Filter?: readonly Filter[];
  };
  readonly FieldNames: readonly string[];
  readonly ReportName: string;
  readonly ReportType: string;
  readonly DateRangeType: string;
  readonly Format: string;
  readonly IncludeVAT: 'YES' | 'NO';
}
interface Filter {
  readonly Field: string;
  readonly Operator: string;
  readonly Values: readonly string[];
}

const token = 'y0_demo-direct-token';

/** The Reports service of the Direct API: https://yandex.ru/dev/direct/doc/ru/reports */
export async function startDirect(world: World): Promise<DirectStandIn> {
  const faults = createFaultScript<DirectFault>();
  let phase: Phase = 'initial';
  const report = createReports((params, request) => makeReport(world, phase, params, request));
  const server = await startServer((request) => {
    if (request.url.pathname.replace('/v501/', '/v5/') !== '/json/v5/reports') return json(404, {});
    if (request.headers.authorization !== `Bearer ${token}`) return directError(400, '53', 'Ошибка авторизации');
    const fault = faults.take();
    if (fault === 'server-error') return directError(500, '1002', 'Ошибка операции');
    if (fault === 'no-points') return directError(400, '152', 'Недостаточно баллов');
    const answer = report(request);
    const isCut = fault === 'cut-off' && answer.status === 200;
    return isCut ? { ...answer, body: answer.body.slice(0, answer.body.length / 2) } : answer;
  });
  return {
    ...server,
    token,
    faults,
    setPhase: (next) => {
      phase = next;
    },
  };
}

type MakeReport = (params: Params, request: Request) => string;

/** Keeps the reports that were ordered by their names; a name taken by other parameters is refused. */
function createReports(make: MakeReport): (request: Request) => Answer {
  const reports = new Map<string, { readonly params: string; asked: number; readonly body: string }>();
  return (request) => {
    const { params } = JSON.parse(request.body.toString('utf8')) as { params: Params };
    const refusal = refuse(params);
    if (refusal !== undefined) return refusal;
    const text = JSON.stringify(params);
    const report = reports.get(params.ReportName) ?? { params: text, asked: 0, body: make(params, request) };
    if (report.params !== text) return directError(400, '4000', 'Отчет с таким названием уже существует');
    reports.set(params.ReportName, report);
    return progress(report.asked++, report.body);
  };
}

/** A report is queued, then built, then there: each time the identical request asks for it. */
function progress(asked: number, body: string): Answer {
  const headers = { retryIn: '1', reportsInQueue: '1', RequestId: '8695244274068608439' };
  if (asked === 0) return { status: 201, headers, body: '' };
  if (asked === 1) return { status: 202, headers, body: '' };
  return {
    status: 200,
    headers: { 'content-type': 'text/tab-separated-values; charset=utf-8', RequestId: headers.RequestId },
    body,
  };
}

const directError = (status: number, code: string, text: string): Answer =>
  json(status, {
    error: { request_id: '8695244274068608439', error_code: code, error_string: text, error_detail: '' },
  });

function refuse(params: Params): Answer | undefined {
  const { SelectionCriteria: criteria } = params;
  if (params.DateRangeType !== 'CUSTOM_DATE' || !criteria.DateFrom || !criteria.DateTo) {
    return directError(400, '8000', 'Неверный запрос: DateFrom и DateTo задаются только с CUSTOM_DATE');
  }
  const unknown = params.FieldNames.find((field) => !(field in columns));
  return unknown === undefined ? undefined : directError(400, '8000', `Неверный запрос: поле ${unknown}`);
}

const columns = {
  Date: (row: CostRow) => row.date,
  CampaignId: (row: CostRow) => row.campaignId ?? '--',
  CampaignName: (row: CostRow) => row.campaign,
  AdGroupId: (row: CostRow) => row.adGroupId ?? '--',
  AdId: (row: CostRow) => row.adId ?? '--',
  Impressions: () => '',
  Clicks: () => '',
  Cost: () => '',
} as const;
type Column = keyof typeof columns;
const measures: readonly string[] = ['Impressions', 'Clicks', 'Cost'];

/** What the request's headers and parameters decide about the amounts. */
interface MoneyStyle {
  readonly isMicros: boolean;
  readonly hasVat: boolean;
}

function makeReport(world: World, phase: Phase, params: Params, request: Request): string {
  const state = world.state(phase);
  const { DateFrom, DateTo, Filter: filters = [] } = params.SelectionCriteria;
  const rows = [...state.costs.values()]
    .filter((row) => row.route === 'direct' && row.date >= DateFrom && row.date <= DateTo)
    .map((row) => ({ ...row, campaign: state.campaignNames.get(row.campaignId ?? '') ?? row.campaign }))
    .filter((row) => filters.every((one) => one.Field !== 'CampaignId' || one.Values.includes(row.campaignId ?? '')));
  const names = params.FieldNames as readonly Column[];
  const style = { isMicros: request.headers.returnmoneyinmicros !== 'false', hasVat: params.IncludeVAT === 'YES' };
  const lines = groupedLines(rows, names, style).sort();
  const isSkipped = (header: string): boolean => request.headers[header] === 'true';
  return [
    ...(isSkipped('skipreportheader') ? [] : [`"${params.ReportName} (${DateFrom} - ${DateTo})"`]),
    ...(isSkipped('skipcolumnheader') ? [] : [names.join('\t')]),
    ...lines,
    ...(isSkipped('skipreportsummary') ? [] : [`Total rows: ${lines.length}`]),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

interface Measured {
  readonly row: CostRow;
  impressions: number;
  clicks: number;
  cost: bigint;
}

function groupedLines(rows: readonly CostRow[], fields: readonly Column[], style: MoneyStyle): string[] {
  const sums = new Map<string, Measured>();
  for (const row of rows) {
    const place = fields.filter((field) => !measures.includes(field)).map((field) => columns[field](row));
    const sum = sums.get(place.join('\t')) ?? { row, impressions: 0, clicks: 0, cost: 0n };
    sum.impressions += row.impressions;
    sum.clicks += row.clicks;
    sum.cost += style.hasVat ? row.cost : netOf(row.cost, 'included', row.date);
    sums.set(place.join('\t'), sum);
  }
  return [...sums.values()].map((sum) =>
    fields.map((field) => measure(field, sum, style) ?? columns[field](sum.row)).join('\t'),
  );
}

function measure(field: Column, sum: Measured, style: MoneyStyle): string | undefined {
  if (field === 'Impressions') return String(sum.impressions);
  if (field === 'Clicks') return String(sum.clicks);
  return field === 'Cost' ? moneyText(sum.cost, style) : undefined;
}

const moneyText = (kopecks: bigint, style: MoneyStyle): string =>
  style.isMicros ? String(kopecks * 10_000n) : `${kopecks / 100n}.${String(kopecks % 100n).padStart(2, '0')}`;

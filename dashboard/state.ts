import type { Catalog } from '../reports/contract.ts';
import { firstMetrics, firstSort } from './shown-metrics.ts';

/** What is asked, as it stands in the address bar. */
export interface State {
  from: string;
  to: string;
  model: string;
  basis: string;
  dimension: string;
  second: string;
  /** Never empty. */
  metrics: readonly string[];
  sort: string;
  desc: boolean;
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const dayMs = 86_400_000;

/** The local date of the project now. */
const today = (timezone: string): number =>
  Date.parse(`${new Intl.DateTimeFormat('en-CA', { timeZone: timezone }).format(new Date())}T00:00:00Z`);

const known = (value: string | null, names: readonly string[], otherwise: string): string =>
  value !== null && names.includes(value) ? value : otherwise;

const date = (value: string | null, otherwise: string): string =>
  value !== null && /^\d{4}-\d\d-\d\d$/.test(value) ? value : otherwise;

/** The metrics asked for that there are; when none is, those that one begins with. */
function metricsOf(value: string | null, catalog: Catalog): readonly string[] {
  const all = catalog.metrics.map((metric) => metric.name);
  const among = (names: readonly string[]) => [...new Set(names)].filter((name) => all.includes(name));
  const [asked, first] = [among(value?.split(',') ?? []), among(firstMetrics)];
  if (asked.length > 0) return asked;
  return first.length > 0 ? first : all;
}

/** Reads the address; whatever it does not say, or says wrongly, is the default: the last 30 days by channel and campaign. */
export function readState(search: string, catalog: Catalog): State {
  const parameters = new URLSearchParams(search);
  const dimensions = catalog.dimensions.map((dimension) => dimension.name);
  const now = today(catalog.project.timezone);
  const models = catalog.models.map((model) => model.name);
  const sort = parameters.get('sort') ?? firstSort;
  return {
    from: date(parameters.get('from'), day(now - 29 * dayMs)),
    to: date(parameters.get('to'), day(now)),
    model: known(parameters.get('model'), models, models[0] ?? ''),
    basis: known(parameters.get('basis'), catalog.date_bases, 'deal'),
    dimension: known(parameters.get('dimension'), dimensions, 'channel'),
    second: known(parameters.get('second'), ['', ...dimensions], parameters.has('dimension') ? '' : 'campaign'),
    metrics: metricsOf(parameters.get('metrics'), catalog),
    sort: sort.replace(/^-/, ''),
    desc: sort.startsWith('-'),
  };
}

export function writeState(state: State): string {
  const { metrics, sort, desc, ...plain } = state;
  return `?${new URLSearchParams({ ...plain, metrics: metrics.join(','), sort: desc ? `-${sort}` : sort })}`;
}

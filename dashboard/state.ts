import type { Catalog } from '../reports/contract.ts';

/** What is asked, as it stands in the address bar. */
export interface State {
  from: string;
  to: string;
  model: string;
  basis: string;
  dimension: string;
  second: string;
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

/** Reads the address; whatever it does not say, or says wrongly, is the default: the last 30 days by channel and campaign. */
export function readState(search: string, catalog: Catalog): State {
  const parameters = new URLSearchParams(search);
  const dimensions = catalog.dimensions.map((dimension) => dimension.name);
  const now = today(catalog.project.timezone);
  const models = catalog.models.map((model) => model.name);
  const sort = parameters.get('sort') ?? '-revenue';
  return {
    from: date(parameters.get('from'), day(now - 29 * dayMs)),
    to: date(parameters.get('to'), day(now)),
    model: known(parameters.get('model'), models, models[0] ?? ''),
    basis: known(parameters.get('basis'), catalog.date_bases, 'deal'),
    dimension: known(parameters.get('dimension'), dimensions, 'channel'),
    second: known(parameters.get('second'), ['', ...dimensions], parameters.has('dimension') ? '' : 'campaign'),
    sort: sort.replace(/^-/, ''),
    desc: sort.startsWith('-'),
  };
}

export function writeState(state: State): string {
  const { from, to, model, basis, dimension, second, sort, desc } = state;
  return `?${new URLSearchParams({ from, to, model, basis, dimension, second, sort: desc ? `-${sort}` : sort })}`;
}

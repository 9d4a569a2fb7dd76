import type { Catalog, Report } from '../reports/contract.ts';
import { ApiError, readCatalog, readReport, readSession, signIn, signOut } from './api.ts';
import { drawChart, type Series } from './chart.ts';
import { byId, element } from './element.ts';
import { formatInstant } from './format.ts';
import { drawPicker, readTicked, tick } from './metric-picker.ts';
import { chartLines } from './shown-metrics.ts';
import { readState, type State, writeState } from './state.ts';
import { drawTable } from './table.ts';
import { isWord, type Language, word } from './words.ts';

const rowsShown = 200;

const fields = ['from', 'to', 'model', 'basis', 'dimension', 'second'] as const;

let language: Language = (localStorage.getItem('language') ?? navigator.language).startsWith('ru') ? 'ru' : 'en';
let running = new AbortController();

interface Page {
  readonly catalog: Catalog;
  readonly state: State;
}

const field = (name: (typeof fields)[number]): HTMLInputElement | HTMLSelectElement =>
  name === 'from' || name === 'to' ? byId(name, HTMLInputElement) : byId(name, HTMLSelectElement);

function say(id: string, text: string): void {
  byId(id, HTMLElement).textContent = text;
}

/** Puts the fixed words of the page in the language. */
function translate(): void {
  document.documentElement.lang = language;
  for (const target of document.querySelectorAll<HTMLElement>('[data-word]')) {
    const name = target.dataset.word ?? '';
    if (isWord(name)) target.textContent = word(name, language);
  }
  say('language', language === 'ru' ? 'English' : 'Русский');
  say('sign-out', word('signOut', language));
}

function options(
  id: 'model' | 'basis' | 'dimension' | 'second',
  entries: readonly (readonly [string, string])[],
): void {
  byId(id, HTMLSelectElement).replaceChildren(...entries.map(([value, label]) => element('option', { value }, label)));
}

function showQuestion({ catalog, state }: Page): void {
  const dimensions = catalog.dimensions.map(({ name, label }) => [name, label[language]] as const);
  options(
    'model',
    catalog.models.map(({ name, label }) => [name, label[language]] as const),
  );
  options(
    'basis',
    catalog.date_bases.map((basis) => [basis, word(basis, language)] as const),
  );
  options('dimension', dimensions);
  options('second', [['', word('nothing', language)], ...dimensions]);
  for (const name of fields) field(name).value = state[name];
  tick(catalog, state.metrics);
  say('project', catalog.project.name);
}

function showNotes({ catalog }: Page, report: Report): void {
  const sources = Object.entries(report.meta.data_as_of).map(
    ([source, at]) => `${source}: ${formatInstant(at, language, catalog.project.timezone)}`,
  );
  say('as-of', sources.length > 0 ? `${word('asOf', language)} ${sources.join(' · ')}` : word('noData', language));
  byId('warnings', HTMLElement).replaceChildren(...report.meta.warnings.map((text) => element('li', {}, text)));
}

/** The lines of the chart, named as the catalog names them; its first metric when it knows none of ours. */
function seriesOf({ metrics }: Catalog): Series[] {
  const known = chartLines.filter(({ metric }) => metrics.some(({ name }) => name === metric));
  const lines = known.length > 0 ? known : [{ metric: metrics[0]?.name ?? '', className: 'revenue' }];
  return lines.map((line) => ({
    ...line,
    label: metrics.find(({ name }) => name === line.metric)?.label[language] ?? line.metric,
  }));
}

function requests({ catalog, state }: Page) {
  const { metrics } = state;
  const dimensions = [...new Set([state.dimension, state.second])].filter((name) => name !== '');
  const shared = {
    from: state.from,
    to: state.to,
    date_basis: state.basis,
    attribution: { model: state.model },
  };
  const isShown = [...metrics, ...dimensions].includes(state.sort);
  const sort = isShown ? { sort: [{ field: state.sort, desc: state.desc }] } : {};
  return {
    table: { ...shared, ...sort, metrics, dimensions, limit: rowsShown },
    chart: { ...shared, metrics: seriesOf(catalog).map(({ metric }) => metric), granularity: 'day', limit: 4000 },
  };
}

function show(page: Page, report: Report, byDay: Report): void {
  const { catalog, state } = page;
  showNotes(page, report);
  const series = seriesOf(catalog);
  say('chart-title', series.map((one) => one.label).join(' · '));
  drawChart(byId('chart', HTMLElement), byDay, series, language);
  drawTable(byId('table', HTMLTableElement), {
    report,
    catalog,
    language,
    sort: { field: state.sort, desc: state.desc },
    onSort: (name) => go({ catalog, state: { ...state, sort: name, desc: name === state.sort ? !state.desc : true } }),
  });
  const many = report.next_cursor === null ? '' : `${word('shownFirst', language)} ${report.rows.length}`;
  say('more', report.rows.length === 0 ? word('empty', language) : many);
}

/** Asks the server and draws the answer; a newer question stops an older one. */
async function load(page: Page): Promise<void> {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  say('error', '');
  say('status', word('loading', language));
  byId('table', HTMLTableElement).setAttribute('aria-busy', 'true');
  try {
    const { table, chart } = requests(page);
    const [report, byDay] = await Promise.all([
      readReport(table, language, signal),
      readReport(chart, language, signal),
    ]);
    show(page, report, byDay);
  } catch (error) {
    if (signal.aborted) return;
    if (error instanceof ApiError && error.status === 401) return start();
    say('error', error instanceof ApiError && error.message !== '' ? error.message : word('failed', language));
  }
  say('status', '');
  byId('table', HTMLTableElement).setAttribute('aria-busy', 'false');
}

function go(page: Page): void {
  history.pushState(null, '', writeState(page.state));
  open(page);
}

function open(page: Page): void {
  showQuestion(page);
  byId('question', HTMLFormElement).onchange = () => {
    const asked = Object.fromEntries(fields.map((name) => [name, field(name).value]));
    const metrics = readTicked(page.catalog, page.state.metrics);
    go({ ...page, state: { ...page.state, ...asked, ...(metrics.length > 0 ? { metrics } : {}) } });
  };
  void load(page);
}

/** Shows what one may see: the report, or the way in. */
async function start(): Promise<void> {
  translate();
  const session = await readSession();
  byId('sign-in', HTMLFormElement).hidden = session.signed_in;
  byId('report', HTMLElement).hidden = !session.signed_in;
  byId('sign-out', HTMLButtonElement).hidden = session.auth === 'open' || !session.signed_in;
  say('status', '');
  if (!session.signed_in) return;
  const catalog = await readCatalog();
  drawPicker(byId('metrics', HTMLElement), catalog, language);
  open({ catalog, state: readState(location.search, catalog) });
}

const begin = (): void => {
  start().catch(() => say('status', word('failed', language)));
};

byId('sign-in', HTMLFormElement).addEventListener('submit', async (event) => {
  event.preventDefault();
  const input = byId('token', HTMLInputElement);
  say('sign-in-error', '');
  try {
    await signIn(input.value.trim());
    input.value = '';
    begin();
  } catch (error) {
    const known = error instanceof ApiError && [401, 403].includes(error.status);
    say('sign-in-error', word(known ? 'wrongToken' : 'failed', language));
  }
});
byId('sign-out', HTMLButtonElement).addEventListener('click', () => {
  signOut().then(begin, begin);
});
byId('language', HTMLButtonElement).addEventListener('click', () => {
  language = language === 'ru' ? 'en' : 'ru';
  localStorage.setItem('language', language);
  begin();
});
byId('question', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault());
window.addEventListener('popstate', begin);
begin();

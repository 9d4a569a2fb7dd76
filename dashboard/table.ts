import type { Catalog, Column, Report, Row } from '../reports/contract.ts';
import { element } from './element.ts';
import { formatValue } from './format.ts';
import { type Language, word } from './words.ts';

export interface TableView {
  readonly report: Report;
  readonly catalog: Catalog;
  readonly language: Language;
  readonly sort: { readonly field: string; readonly desc: boolean };
  readonly onSort: (field: string) => void;
}

function labelOf(column: Column, { catalog, language }: TableView): { label: string; title: string } {
  const named =
    catalog.metrics.find(({ name }) => name === column.name) ??
    catalog.dimensions.find(({ name }) => name === column.name);
  return { label: named?.label[language] ?? column.name, title: named?.description[language] ?? '' };
}

function headCell(column: Column, view: TableView): HTMLElement {
  const { label, title } = labelOf(column, view);
  const sorted = view.sort.field === column.name;
  const arrow = sorted ? (view.sort.desc ? ' ↓' : ' ↑') : '';
  const button = element('button', { type: 'button', title }, label + arrow);
  button.addEventListener('click', () => view.onSort(column.name));
  const direction = view.sort.desc ? 'descending' : 'ascending';
  return element(
    'th',
    { scope: 'col', class: column.kind === 'metric' ? '' : 'text', 'aria-sort': sorted ? direction : 'none' },
    button,
  );
}

function cells(row: Row, view: TableView): HTMLElement[] {
  return view.report.columns.map((column) => {
    const text = formatValue(row[column.name] ?? null, column, view.language, view.report.query.currency);
    return column.kind === 'metric'
      ? element('td', {}, text)
      : element('th', { scope: 'row', class: 'text', title: text }, text);
  });
}

function totals(view: TableView): HTMLElement {
  const keys = view.report.columns.filter((column) => column.kind !== 'metric').length;
  const head = element('th', { scope: 'row', colspan: keys }, word('total', view.language));
  return element('tr', {}, head, ...cells(view.report.totals, view).slice(keys));
}

/** Draws the report into the table: a head that sorts, the rows, the totals. */
export function drawTable(table: HTMLTableElement, view: TableView): void {
  const rows = view.report.rows.map((row) => element('tr', {}, ...cells(row, view)));
  table.replaceChildren(
    element('thead', {}, element('tr', {}, ...view.report.columns.map((column) => headCell(column, view)))),
    element('tbody', {}, ...rows),
    element('tfoot', {}, totals(view)),
  );
}

import { stringify } from 'csv-stringify/sync';
import type { Report, Value } from '../contract.ts';

/** A spreadsheet takes a text that begins like this for a formula; Asian ones take the full-width signs for the same. */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;

/** Numbers are numbers; a text that a spreadsheet would run gets an apostrophe before it. */
function cell(value: Value | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  return formula.test(value) ? `'${value}` : value;
}

/** Rows as CSV by RFC 4180: a header, commas, CRLF, UTF-8. Totals are not rows and stay out. */
export function toCsv(report: Pick<Report, 'columns' | 'rows'>): string {
  const names = report.columns.map((column) => column.name);
  const rows = report.rows.map((row) => names.map((name) => cell(row[name])));
  return stringify([names.map(cell), ...rows], { record_delimiter: 'windows' });
}

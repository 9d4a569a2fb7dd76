import type { Column, Report, Row } from '../../reports/contract.ts';
import { formatNumber } from './format-number.ts';
import { textTable } from './table.ts';

/** A report for reading: its rows and, under a rule, its totals. */
export function reportTable(report: Report): string {
  const columns = report.columns.map((column) => ({
    title: column.name,
    align: column.kind === 'metric' ? ('right' as const) : ('left' as const),
  }));
  const cells = (row: Row): string[] => report.columns.map((column) => cell(column, row[column.name] ?? null));
  const totals = report.columns.map((column, index) => {
    if (column.kind === 'metric') return cell(column, report.totals[column.name] ?? null);
    return index === 0 ? 'total' : '';
  });
  return textTable(columns, [...report.rows.map(cells), totals]);
}

const cell = (column: Column, value: string | number | null): string =>
  typeof value === 'number' ? formatNumber(value, column.unit) : (value ?? '–');

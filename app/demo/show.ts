import type { Column } from '../../reports/contract.ts';
import { formatNumber } from '../terminal/format-number.ts';
import { textTable } from '../terminal/table.ts';
import type { Answered, Judged } from './judge.ts';

type Cells = Readonly<Record<string, unknown>>;

/** The report with the shop's own books under each row: `=` where a number is the same to the kopeck, the true number where not. */
export function besideTheBooks(answered: Answered): string {
  const { report, question } = answered;
  const names = question.dimensions ?? [];
  const columns = report.columns.map((column) => ({
    title: column.name,
    align: column.kind === 'metric' ? ('right' as const) : ('left' as const),
  }));
  const wrong = new Map(
    answered.differences.map((difference) => [`${difference.place} ${difference.metric}`, difference.ledger]),
  );
  const place = (row: Cells): string => names.map((name) => `${name}=${String(row[name] ?? null)}`).join(' ');
  const pair = (row: Cells, key: string, title: string): string[][] => [
    report.columns.map((column, index) =>
      column.kind === 'metric' ? show(column, row[column.name]) : index === 0 ? title : String(row[column.name] ?? '–'),
    ),
    report.columns.map((column, index) =>
      column.kind === 'metric' ? bookMark(column, wrong, `${key} ${column.name}`) : index === 0 ? '  the books' : '',
    ),
  ];
  const rows = report.rows.flatMap((row) => pair(row, place(row), String(row[names[0] ?? ''] ?? '–')));
  return textTable(columns, [...rows, ...pair(report.totals, 'totals', 'total')]);
}

const show = (column: Column, value: unknown): string =>
  typeof value === 'number' ? formatNumber(value, column.unit) : '–';

const bookMark = (column: Column, wrong: ReadonlyMap<string, unknown>, key: string): string =>
  wrong.has(key) ? `≠ ${show(column, wrong.get(key))}` : '=';

/** What the comparison found, in one or a few lines. */
export function verdict({ questions, compared, differences }: Judged): string {
  if (differences.length === 0)
    return `${compared} numbers of ${questions} reports compared with the shop's books: every one is equal.`;
  const lines = differences
    .slice(0, 20)
    .map(
      ({ place, metric, ledger, report }) =>
        `  ${place}: ${metric} is ${String(report)}, the books say ${String(ledger)}`,
    );
  return `${differences.length} of ${compared} numbers differ from the shop's books:\n${lines.join('\n')}`;
}

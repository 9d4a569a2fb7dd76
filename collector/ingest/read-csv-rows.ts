import { parse } from 'csv-parse/sync';
import { failed, ok, type Result } from '../../domain/result.ts';

/**
 * Rows of a CSV file with a header. A dotted column such as `client.phone` fills an object; an empty cell means that the
 * field is absent, and a line of empty cells alone is no row. The separator is the one of comma, semicolon and tab that the header has most of.
 */
export function readCsvRows(text: string): Result<readonly unknown[], 'malformed'> {
  try {
    const delimiter = separatorOf(text.split('\n', 1)[0] ?? '');
    const [header, ...lines]: string[][] = parse(text, {
      delimiter,
      trim: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
    });
    if (!header) return ok([]);
    const twice = header.find((column, index) => column !== '' && header.indexOf(column) !== index);
    if (twice !== undefined)
      return failed('malformed', 'body', `The column "${twice}" stands twice in the header: leave one of them.`);
    return ok(lines.map((cells) => toRow(header, cells)));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failed('malformed', 'body', `The CSV cannot be read: ${reason}`);
  }
}

function separatorOf(header: string): string {
  const count = (separator: string): number => header.split(separator).length;
  return [',', ';', '\t'].reduce((best, separator) => (count(separator) > count(best) ? separator : best));
}

function toRow(header: readonly string[], cells: readonly string[]): unknown {
  const plain: [string, unknown][] = [];
  const nested = new Map<string, [string, unknown][]>();
  for (const [index, column] of header.entries()) {
    const cell = cells[index] ?? '';
    if (cell === '') continue;
    const dot = column.indexOf('.');
    if (dot === -1) plain.push([column, cellValue(column, cell)]);
    else nestedEntries(nested, column.slice(0, dot)).push([column.slice(dot + 1), cell]);
  }
  const objects = [...nested].map(([name, entries]) => [name, Object.fromEntries(entries)] as const);
  return Object.fromEntries([...plain, ...objects]);
}

function nestedEntries(nested: Map<string, [string, unknown][]>, name: string): [string, unknown][] {
  const entries = nested.get(name) ?? [];
  nested.set(name, entries);
  return entries;
}

const flagColumns = new Set(['deleted', 'cancelled']);
const listColumns = new Set(['phones', 'emails']);
const jsonColumns = new Set(['items', 'props']);

/** A cell is text; a few columns are something else in JSON. */
function cellValue(column: string, cell: string): unknown {
  if (flagColumns.has(column)) return /^(true|1)$/i.test(cell) || (/^(false|0)$/i.test(cell) ? false : cell);
  if (listColumns.has(column)) return cell.split(/[,;]/).map((part) => part.trim());
  if (jsonColumns.has(column)) return jsonOrText(cell);
  const isTime = column === 'ts' || column === 'at' || column.endsWith('_at');
  return isTime && /^\d+$/.test(cell) ? Number(cell) : cell;
}

function jsonOrText(cell: string): unknown {
  try {
    return JSON.parse(cell);
  } catch {
    return cell;
  }
}

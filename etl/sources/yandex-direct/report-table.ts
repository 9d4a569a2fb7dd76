import { SourceError } from '../../errors.ts';

/** Columns of the report, in the order asked for: the name is last, because a tab inside it is not escaped. */
export const reportFields = [
  'Date',
  'CampaignId',
  'AdGroupId',
  'AdId',
  'Impressions',
  'Clicks',
  'Cost',
  'CampaignName',
] as const;
export type ReportField = (typeof reportFields)[number];

/** One row of the report. A value that Direct does not have (`--`) is an empty text. */
export type ReportRow = Readonly<Record<ReportField, string>> & {
  /** What makes the row one row: `2026-01-08:77104455:5210044551:13480099112`. */
  readonly key: string;
};

/**
 * Reads a report by the names of its columns. A report that was cut off, by the connection or by a proxy, is an error: it
 * would pass for a smaller spend. https://yandex.ru/dev/direct/doc/ru/report-format
 */
export function readReport(tsv: string): ReportRow[] {
  const lines = tsv.replace(/\r?\n$/, '').split(/\r?\n/);
  const hasTitle = lines[0]?.startsWith('"') === true && !lines[0].includes('\t');
  const [header = '', ...rest] = hasTitle ? lines.slice(1) : lines;
  const columns = columnsOf(header);
  const total = totalOf(rest.at(-1) ?? '');
  const rows = rest.slice(0, -1).map((line, index) => readRow(line, index, columns, header));
  if (rows.length !== total) {
    throw new SourceError('transient', `the report is cut off: it says ${total} rows and has ${rows.length}`);
  }
  refuseRepeated(rows);
  return rows;
}

function columnsOf(header: string): ReadonlyMap<ReportField, number> {
  const names = header.split('\t');
  const missing = reportFields.filter((field) => !names.includes(field));
  if (missing.length > 0) {
    throw new SourceError(
      'bad_data',
      `the report has no column ${missing.join(', ')}; its header is "${header.slice(0, 200)}"`,
    );
  }
  return new Map(reportFields.map((field) => [field, names.indexOf(field)]));
}

/** The last line, `Total rows: 3`, whose words depend on the language. */
function totalOf(line: string): number {
  const total = /^[^\t]*:\s*(\d+)\s*$/.exec(line)?.[1];
  if (total !== undefined) return Number(total);
  throw new SourceError('transient', 'the report is cut off: its last line does not give the number of rows');
}

function readRow(line: string, index: number, columns: ReadonlyMap<ReportField, number>, header: string): ReportRow {
  const width = header.split('\t').length;
  const parts = line.split('\t');
  if (parts.length < width) {
    throw new SourceError('transient', `the report is broken: row ${index + 1} has ${parts.length} values of ${width}`);
  }
  const cells = [...parts.slice(0, width - 1), parts.slice(width - 1).join('\t')];
  const value = (field: ReportField): string => {
    const text = cells[columns.get(field) ?? -1] ?? '';
    return text === '--' ? '' : text;
  };
  const values = Object.fromEntries(reportFields.map((field) => [field, value(field)])) as Record<ReportField, string>;
  return { ...values, key: [values.Date, values.CampaignId, values.AdGroupId, values.AdId].join(':') };
}

/** Rows are grouped by these columns; two of one key would overwrite each other. */
function refuseRepeated(rows: readonly ReportRow[]): void {
  const keys = new Set<string>();
  for (const { key } of rows) {
    if (keys.has(key)) throw new SourceError('bad_data', `the report has two rows of ${key}`);
    keys.add(key);
  }
}

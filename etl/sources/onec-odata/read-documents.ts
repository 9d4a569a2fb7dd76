import { SourceError } from '../../errors.ts';
import { cameInstead, isObject, type OdataClient, type OdataObject } from './odata-client.ts';
import type { DocumentPlan } from './plan.ts';

/** Local instants, 1C's literals without quotes; `before` is outside. */
export interface Span {
  readonly from: string;
  readonly before?: string;
}

/**
 * Documents of one kind that are dated within a span, oldest first. Each request begins at the date where the last page ended
 * instead of skipping rows from the start, so documents that appear or vanish while we read shift nothing; what stands at
 * that very second is asked for again and told once. A document whose date is moved back meanwhile is caught next time,
 * by the window that is read again. Throws SourceError when the base does not skip what it is asked to skip.
 */
export async function* documentsFrom(
  client: OdataClient,
  { document, select }: DocumentPlan,
  span: Span,
  pageSize: number,
): AsyncGenerator<readonly OdataObject[]> {
  let bound = span.from;
  const before = span.before === undefined ? [] : [`Date lt datetime'${span.before}'`];
  let skip = 0;
  let seen = new Set<string>();
  for (;;) {
    const rows = await client.rows(document.name, {
      select,
      filter: [`Date ge datetime'${bound}'`, ...before].join(' and '),
      orderby: 'Date asc,Ref_Key asc',
      top: pageSize,
      skip,
    });
    const fresh = rows.filter((row) => !seen.has(keyOf(row)));
    if (fresh.length > 0) yield fresh.map((row) => pick(row, document.name, select));
    if (rows.length < pageSize) return;
    // Without a skip a page may be all known: it begins with what stands at the date where the last one ended.
    if (fresh.length === 0 && skip > 0) throw doesNotSkip(document.name, bound);
    const last = rows.map(dateOf).reduce(laterOf, bound);
    const hasMoved = last > bound;
    skip = hasMoved ? 0 : skip + rows.length;
    seen = hasMoved
      ? new Set(rows.filter((row) => dateOf(row) === last).map(keyOf))
      : new Set([...seen, ...rows.map(keyOf)]);
    if (hasMoved) bound = last;
  }
}

const doesNotSkip = (entity: string, bound: string): SourceError =>
  new SourceError(
    'bad_data',
    `1C gives the same page of ${entity} again and again from ${bound} on, as if it were not asked to skip it: ` +
      'let the web server before 1C pass $skip on, or set page_size above the number of documents of one second',
  );

/** Documents without a key are told apart by all they hold. */
const keyOf = (row: OdataObject): string => (typeof row.Ref_Key === 'string' ? row.Ref_Key : JSON.stringify(row));

/** Empty when the document has no date to go on from: such a row is refused by itself and must not lead the reading astray. */
const dateOf = ({ Date: date }: OdataObject): string =>
  typeof date === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(date) ? date : '';

const laterOf = (a: string, b: string): string => (a > b ? a : b);

/** Only what was asked for goes on: some publications ignore $select, and documents are full of names and addresses. */
function pick(row: OdataObject, entity: string, select: readonly string[]): OdataObject {
  const header = select.filter((field) => !field.includes('/'));
  const parts = new Map<string, string[]>();
  for (const [part = '', field = ''] of select.filter((path) => path.includes('/')).map((path) => path.split('/')))
    parts.set(part, [...(parts.get(part) ?? []), field]);
  return {
    'odata.entity': entity,
    ...pickFields(row, [...header, cameInstead]),
    ...(typeof row.Ref_Key === 'string' ? { Ref_Key: row.Ref_Key.toLowerCase() } : {}),
    ...Object.fromEntries(
      [...parts].map(([part, fields]) => [part, linesOf(row[part]).map((line) => pickLine(line, fields))]),
    ),
  };
}

const pickFields = (row: OdataObject, fields: readonly string[]): OdataObject =>
  Object.fromEntries(fields.flatMap((field) => (field in row ? [[field, row[field]]] : [])));

/** What is no line is refused with its document, whatever it says. */
const pickLine = (line: unknown, fields: readonly string[]): OdataObject | null =>
  isObject(line) ? pickFields(line, fields) : null;

const linesOf = (lines: unknown): readonly unknown[] => (Array.isArray(lines) ? lines : []);

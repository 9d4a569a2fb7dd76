import type { OdataClient, OdataObject } from './odata-client.ts';
import type { DocumentPlan } from './plan.ts';

/**
 * Documents of one kind from a local instant on, oldest first. Each request begins at the date where the last page ended
 * instead of skipping rows from the start, so documents that appear or vanish while we read shift nothing; what stands at
 * that very second is asked for again and told once. A document whose date is moved back meanwhile is caught next time,
 * by the window that is read again.
 */
export async function* documentsFrom(
  client: OdataClient,
  { document, select }: DocumentPlan,
  fromLocal: string,
  pageSize: number,
): AsyncGenerator<readonly OdataObject[]> {
  let bound = fromLocal;
  let skip = 0;
  let seen = new Set<string>();
  for (;;) {
    const rows = await client.rows(document.name, {
      select,
      filter: `Date ge datetime'${bound}'`,
      orderby: 'Date asc,Ref_Key asc',
      top: pageSize,
      skip,
    });
    const fresh = rows.filter((row) => !seen.has(keyOf(row)));
    if (fresh.length > 0) yield fresh.map((row) => pick(row, document.name, select));
    if (rows.length < pageSize) return;
    const last = rows.map(dateOf).reduce(laterOf, bound);
    const hasMoved = last > bound;
    skip = hasMoved ? 0 : skip + rows.length;
    const atBound = rows.filter((row) => dateOf(row) === last).map(keyOf);
    seen = new Set(hasMoved ? atBound : [...seen, ...atBound]);
    if (hasMoved) bound = last;
  }
}

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
    ...pickFields(row, header),
    ...Object.fromEntries(
      [...parts].map(([part, fields]) => [part, linesOf(row[part]).map((line) => pickFields(line, fields))]),
    ),
  };
}

const pickFields = (row: OdataObject, fields: readonly string[]): OdataObject =>
  Object.fromEntries(fields.flatMap((field) => (field in row ? [[field, row[field]]] : [])));

const linesOf = (lines: unknown): OdataObject[] => (Array.isArray(lines) ? lines : []);

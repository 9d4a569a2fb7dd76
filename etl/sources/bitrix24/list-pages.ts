import { z } from 'zod';
import { SourceError } from '../../errors.ts';
import type { RestClient } from './rest-client.ts';
import { changedAtMs, type Row, rowSchema } from './row.ts';

/** A classic list method such as crm.deal.list: https://apidocs.bitrix24.ru/api-reference/crm/deals/crm-deal-list.html */
export interface ListMethod {
  readonly method: string;
  /** Default of the portal: every standard and custom field. */
  readonly select?: readonly string[];
  /** Whether a row is of this list at all; a cache that mixes up answers must not make deals out of contacts. */
  readonly isOfList?: (row: Row) => boolean;
}

export interface ListPage {
  readonly rows: readonly Row[];
  readonly portalTime: string;
}

/** Fixed by the vendor. */
const pageSize = 50;
const repeatsAllowed = 3;

const rowsSchema = z.array(rowSchema);

/** Every row by growing id, in the fast mode without counting: https://apidocs.bitrix24.ru/settings/performance/huge-data.html */
export async function* pagesById(rest: RestClient, list: ListMethod, afterId: string): AsyncGenerator<ListPage> {
  for (let lastId = afterId; ; ) {
    const params = { ...selectOf(list), filter: { '>ID': lastId }, order: { ID: 'ASC' }, start: -1 };
    const isDue = (row: Row): boolean => Number(row.ID) > Number(lastId);
    const page = await askUntilDue(rest, list, params, isDue);
    if (page.rows.length > 0) yield page;
    if (page.rows.length < pageSize) return;
    lastId = String(Math.max(...page.rows.map((row) => Number(row.ID))));
  }
}

/**
 * Rows changed at or after an instant, in the order of their change. The next page is asked for by the last change seen
 * and not by an offset: a row that changes meanwhile moves to the end and would shift an unread row into the read part.
 * The offset is used only inside one second that holds more changes than a page.
 */
export async function* pagesByChange(rest: RestClient, list: ListMethod, fromMs: number): AsyncGenerator<ListPage> {
  const seen = new Set<string>();
  let positionMs = floorToSecond(fromMs);
  let start = 0;
  while (true) {
    const filter = { '>=DATE_MODIFY': new Date(positionMs).toISOString().replace('.000Z', '+00:00') };
    const params = { ...selectOf(list), filter, order: { DATE_MODIFY: 'ASC', ID: 'ASC' }, start };
    const isDue = (row: Row): boolean => (changedAtMs(row) ?? positionMs) >= positionMs;
    const page = await askUntilDue(rest, list, params, isDue);
    const fresh = page.rows.filter((row) => !seen.has(versionOf(row)));
    for (const row of fresh) seen.add(versionOf(row));
    if (fresh.length > 0) yield { ...page, rows: fresh };
    if (page.rows.length < pageSize) return;
    const lastMs = floorToSecond(lastChangeMs(page.rows, positionMs));
    start = lastMs > positionMs ? 0 : start + pageSize;
    positionMs = lastMs;
  }
}

/** The latest change among the rows and `otherwise`; rows that do not say when they changed take no part. */
export const lastChangeMs = (rows: readonly Row[], otherwiseMs: number): number =>
  Math.max(otherwiseMs, ...rows.map((row) => changedAtMs(row) ?? otherwiseMs));

const floorToSecond = (ms: number): number => ms - (ms % 1000);
const versionOf = (row: Row): string => `${row.ID} ${row.DATE_MODIFY}`;
const selectOf = ({ select }: ListMethod): { select?: readonly string[] } => (select === undefined ? {} : { select });

/** A page with rows that were not asked for is an old or foreign page, as a cache in between gives: ask again, never skip. */
async function askUntilDue(
  rest: RestClient,
  list: ListMethod,
  params: Readonly<Record<string, unknown>>,
  isDue: (row: Row) => boolean,
): Promise<ListPage> {
  for (let attempt = 0; attempt <= repeatsAllowed; attempt += 1) {
    const answer = await rest.call(list.method, params);
    const rows = rowsSchema.safeParse(answer.result);
    if (!rows.success) throw new SourceError('bad_data', `the answer of ${list.method} is not a list of rows with ids`);
    if (rows.data.every((row) => isDue(row) && (list.isOfList?.(row) ?? true)))
      return { rows: rows.data, portalTime: answer.portalTime };
  }
  throw new SourceError(
    'transient',
    `${list.method} gives an old or foreign page again and again; the next run goes on from here`,
  );
}

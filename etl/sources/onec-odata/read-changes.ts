import type { Page, ReadContext } from '../../source.ts';
import type { OdataClient, OdataObject } from './odata-client.ts';
import type { DocumentPlan, ReadPlan } from './plan.ts';
import { documentsFrom } from './read-documents.ts';
import { type OdataCursor, type ReadWindow, readWindow } from './read-window.ts';
import { type KeyScan, scanKeys } from './scan-keys.ts';
import type { OnecOdataSettings } from './settings.ts';

type Context = ReadContext<OnecOdataSettings>;
type Pages = AsyncGenerator<Page<OdataObject, never>>;

/** All documents of the plan that are new or may have changed, and when due the list of all that there are. */
export async function* readChanges(context: Context, client: OdataClient, plan: ReadPlan): Pages {
  const window = readWindow(context);
  if (window.isSweep) yield* sweep(context, client, plan, window);
  else {
    const span = { from: `${window.from}T00:00:00` };
    for (const document of plan.documents)
      for await (const rows of documentsFrom(client, document, span, context.settings.page_size)) yield { rows };
    yield { rows: [], nextCursor: JSON.stringify(window.next) };
  }
}

interface Month {
  readonly plan: DocumentPlan;
  readonly month: string;
  readonly documents: number;
  readonly print: string;
}

/**
 * Compares the keys of all documents and reads, newest first, the months of the window and those that differ from what was
 * read of them; then tells which documents there are. Cut off, it goes on after the last month that was read.
 */
async function* sweep(context: Context, client: OdataClient, plan: ReadPlan, window: ReadWindow): Pages {
  const { page_size: pageSize, vanished_limit_percent: limitPercent } = context.settings;
  const scans: KeyScan[] = [];
  for (const document of plan.documents) scans.push(await scanKeys(client, document, pageSize));
  const due = monthsToRead(scans, window);
  const total = due.reduce((sum, month) => sum + month.documents, 0);
  if (window.from === undefined)
    context.log.info({ documents: total }, 'all documents of the base are read, newest months first');
  const told = new Set<string>();
  let months = window.cursor.months;
  let done = 0;
  for (const month of due) {
    for await (const rows of documentsFrom(client, month.plan, spanOf(month), pageSize)) {
      for (const row of rows) told.add(String(row.Ref_Key));
      done += rows.length;
      yield { rows, progress: { done, total } };
    }
    months = withMonth(months, month);
    yield { rows: [], nextCursor: JSON.stringify({ ...window.cursor, months }), progress: { done, total } };
  }
  const last = {
    rows: scans.flatMap(({ undated }) => undated).filter((row) => !told.has(String(row.Ref_Key))),
    nextCursor: JSON.stringify({ ...window.next, months }),
  };
  // A document that is moved to an earlier date during the scan may be missing in it, but not in what was read.
  const ids = [...new Set([...scans.flatMap(({ keys }) => keys), ...told])];
  if (hasLostDocuments(context, plan, months)) yield last;
  else yield { ...last, present: { ids, limitPercent } };
}

function monthsToRead(scans: readonly KeyScan[], { from, cursor }: ReadWindow): Month[] {
  const all = scans.flatMap(({ plan, months }) => [...months].map(([month, held]) => ({ plan, month, ...held })));
  const isDue = ({ plan, month, print }: Month): boolean =>
    (from !== undefined && month >= from.slice(0, 7)) || cursor.months[plan.document.name]?.[month] !== print;
  return all.filter(isDue).sort((a, b) => (a.month < b.month ? 1 : a.month > b.month ? -1 : 0));
}

function spanOf({ month }: Month): { from: string; before: string } {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const [nextYear, nextNumber] = number === 12 ? [year + 1, 1] : [year, number + 1];
  const before = `${String(nextYear).padStart(4, '0')}-${String(nextNumber).padStart(2, '0')}`;
  return { from: `${month}-01T00:00:00`, before: `${before}-01T00:00:00` };
}

const withMonth = (months: OdataCursor['months'], { plan, month, print }: Month): OdataCursor['months'] => ({
  ...months,
  [plan.document.name]: { ...months[plan.document.name], [month]: print },
});

/** A document that was taken out of the interface has not been deleted in the base. */
function hasLostDocuments({ log }: Context, { hidden }: ReadPlan, months: OdataCursor['months']): boolean {
  const lost = hidden.filter((name) => name in months);
  if (lost.length > 0)
    log.warn(
      { documents: lost },
      'the base does not show documents that were read before: nothing is taken back until they are in its OData interface again, or not in the settings any more',
    );
  return lost.length > 0;
}

import { type TextColumn, textTable } from '../terminal/table.ts';
import type { Finding } from './check-installation.ts';
import type { Installation } from './installation.ts';

type Looked = Pick<Installation, 'warehouse' | 'config'>;

const days = 7;
const reasonsShown = 5;
const rowsShown = 50;

interface Cause {
  readonly source: string;
  readonly entity: string;
  readonly reason: string;
  readonly kept: string;
}

/** What could not be taken lately, by its causes. It stops nothing, but reports are without it. */
export async function checkRejected({ warehouse, config }: Looked): Promise<Finding> {
  const causes = await warehouse.query<Cause>(
    `SELECT source, entity, reason, count() AS kept FROM rejected FINAL
     WHERE project = {project:String} AND rejected_at >= now() - INTERVAL {days:UInt8} DAY
     GROUP BY source, entity, reason ORDER BY kept DESC, source, entity, reason`,
    { project: config.project, days },
  );
  const total = causes.reduce((sum, { kept }) => sum + Number(kept), 0);
  if (total === 0)
    return { what: 'rejected', says: `everything of the last ${days} days could be taken`, isGood: true };
  const named = causes
    .slice(0, reasonsShown)
    .map((cause) => `${cause.kept} × ${cause.entity} of ${cause.source}, ${cause.reason}`);
  const more = causes.length > reasonsShown ? `; ${causes.length - reasonsShown} more causes` : '';
  return {
    what: 'rejected',
    says: `${total} things of the last ${days} days could not be taken and are in no report: ${named.join('; ')}${more}. See each with its place and cause: throughline doctor --rejected`,
    isGood: true,
    isWarning: true,
  };
}

const columns: readonly TextColumn[] = ['when, UTC', 'source', 'what', 'reason', 'where', 'cause'].map((title) => ({
  title,
  align: 'left',
}));

/** The newest things that could not be taken, as a table for reading. */
export async function listRejected({ warehouse, config }: Looked): Promise<string> {
  const rows = await warehouse.query<Omit<Cause, 'kept'> & { at: string; place: string; detail: string }>(
    `SELECT formatDateTime(rejected_at, '%F %R') AS at, source, entity, reason, place, detail FROM rejected FINAL
     WHERE project = {project:String} ORDER BY rejected_at DESC, rejected_id LIMIT {rows:UInt16}`,
    { project: config.project, rows: rowsShown },
  );
  if (rows.length === 0) return 'Nothing was ever refused.';
  return textTable(
    columns,
    rows.map((row) => [row.at, row.source, row.entity, row.reason, row.place, row.detail.replaceAll(/\s+/g, ' ')]),
  );
}

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
  if (causes.length === 0)
    return { what: 'rejected', says: `everything of the last ${days} days could be taken`, isGood: true };
  const fields = causes.filter(isOfField);
  const things = causes.filter((cause) => !isOfField(cause));
  const told = [
    ...(things.length === 0 ? [] : [`${sumOf(things)} could not be taken and are in no report: ${named(things)}`]),
    ...(fields.length === 0
      ? []
      : [`${sumOf(fields)} could not be read, the events count without them: ${named(fields)}`]),
  ];
  return {
    what: 'rejected',
    says: `of the last ${days} days ${told.join('. ')}. See each with its place and cause: throughline doctor --rejected`,
    isGood: true,
    isWarning: true,
  };
}

/** An event that was taken lacks it. */
const isOfField = ({ entity }: Cause): boolean => entity === 'event field';

function sumOf(causes: readonly Cause[]): string {
  const sum = causes.reduce((total, { kept }) => total + Number(kept), 0);
  const what = causes.every(isOfField) ? 'field' : 'thing';
  return `${sum} ${what}${sum === 1 ? '' : 's'}`;
}

function named(causes: readonly Cause[]): string {
  const first = causes.slice(0, reasonsShown);
  const told = first.map(({ kept, entity, source, reason }) => `${kept} × ${entity} of ${source}, ${reason}`);
  const more = causes.length > reasonsShown ? [`${causes.length - reasonsShown} more causes`] : [];
  return [...told, ...more].join('; ');
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

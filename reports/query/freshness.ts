import { sql } from 'kysely';
import type { Sql } from '../registry/fact.ts';
import type { Text } from '../registry/unit.ts';
import type { NoteRow } from './notes.ts';

export interface Freshness {
  readonly dataAsOf: Readonly<Record<string, string>>;
  readonly warnings: readonly Text[];
  /** Something was refused because no rate of its currency was known. */
  readonly lacksRates: boolean;
}

/** Name under which the stages, which have no source, tell when they last brought the tables of reports up to date. */
const stages = 'marts';

/** Asks how far every source has been read (its slowest stream), how the last runs ended, and how much the stages left out. */
export const freshnessSql = (
  project: string,
): Sql => sql`SELECT 'cursor' AS kind, toString(source) AS source, '' AS outcome, toUInt64(0) AS number, min(data_as_of) AS at, '' AS reason, '' AS detail
FROM cursors FINAL WHERE project = ${project} GROUP BY source
UNION ALL
SELECT kind, source, outcome, run_no, started_at, reason, detail FROM run_outcomes FINAL WHERE project = ${project}
UNION ALL
SELECT 'set_aside', '', '', count(), toDateTime64(0, 3, 'UTC'), '', '' FROM set_aside FINAL WHERE project = ${project}
UNION ALL
SELECT 'no_rate', '', '', count(), toDateTime64(0, 3, 'UTC'), '', '' FROM rejected WHERE project = ${project} AND reason = 'no_rate'`;

const instant = (text: string): string => `${text.replace(' ', 'T')}Z`;

export function readFreshness(rows: readonly NoteRow[]): Freshness {
  const read = rows.filter(({ kind }) => kind === 'cursor').map(({ source, at }) => [source, instant(at)] as const);
  const computed = rows.filter(({ kind, outcome }) => kind === 'stages' && outcome === 'ok');
  const isSome = (row: NoteRow): boolean => row.number !== '0';
  const all = [...read, ...computed.map(({ at }) => [stages, instant(at)] as const)];
  return {
    dataAsOf: Object.fromEntries(all.toSorted(([left], [right]) => (left < right ? -1 : 1))),
    warnings: [
      ...failedRuns(rows).map(failedRun),
      ...rows.filter((row) => row.kind === 'set_aside' && isSome(row)).map(leftOut),
    ],
    lacksRates: rows.some((row) => row.kind === 'no_rate' && isSome(row)),
  };
}

/** The newest finished run of each source and of the stages, where it failed. */
function failedRuns(rows: readonly NoteRow[]): readonly NoteRow[] {
  const isNewer = (run: NoteRow, other: NoteRow): boolean => BigInt(run.number) > BigInt(other.number);
  return rows.filter(
    (run) =>
      run.outcome === 'failed' &&
      !rows.some((other) => other.kind === run.kind && other.source === run.source && isNewer(other, run)),
  );
}

function failedRun({ kind, source, reason, detail }: NoteRow): Text {
  const name = kind === 'stages' ? stages : source;
  return {
    en: `the last run of ${name} failed (${reason}: ${detail}): its newest data may be missing`,
    ru: `последнее чтение источника ${name} не удалось (${reason}: ${detail}): новейших данных может не быть`,
  };
}

const leftOut = ({ number }: NoteRow): Text => ({
  en: `events or records that cannot be computed are left out (${number}): throughline doctor names them`,
  ru: `не учтены события или записи, которые не удалось посчитать (${number}): их называет throughline doctor`,
});

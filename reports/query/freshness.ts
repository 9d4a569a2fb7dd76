import { sql } from 'kysely';
import { compileOnly } from '../../warehouse/dialect/compile-only.ts';
import type { Database } from '../../warehouse/tables/index.ts';
import type { Text } from '../registry/unit.ts';

interface FreshnessRow {
  readonly source: string;
  /** `YYYY-MM-DD hh:mm:ss.SSS` in UTC; empty when nothing has been read yet. */
  readonly as_of: string;
  readonly failed: string;
  /** Digits; how many events and records the stages left out. */
  readonly left_out: string;
}

export interface Freshness {
  readonly dataAsOf: Readonly<Record<string, string>>;
  readonly warnings: readonly Text[];
}

/** Name under which the stages, which have no source, tell when they last brought the tables of reports up to date. */
const stages = 'marts';

/** Asks how far every source has been read (its slowest stream), whether its last finished run failed, and how much the stages left out. */
export function freshnessQuery(project: string) {
  return sql<FreshnessRow>`SELECT source, toString(max(as_of)) AS as_of, max(failed) AS failed, sum(left_out) AS left_out FROM (
  SELECT toString(source) AS source, min(data_as_of) AS as_of, '' AS failed, toUInt64(0) AS left_out FROM cursors FINAL WHERE project = ${project} GROUP BY source
  UNION ALL
  SELECT if(kind = 'stages', ${stages}, toString(source)) AS source,
    if(kind = 'stages', maxIf(started_at, outcome = 'ok'), toDateTime64(0, 3, 'UTC')) AS as_of,
    if(argMax(outcome, run_no) = 'failed', concat(argMax(reason, run_no), ': ', argMax(detail, run_no)), '') AS failed, toUInt64(0) AS left_out
  FROM etl_runs FINAL WHERE project = ${project} AND outcome != 'running' GROUP BY kind, source
  UNION ALL
  SELECT ${stages} AS source, toDateTime64(0, 3, 'UTC') AS as_of, '' AS failed, count() AS left_out FROM set_aside FINAL WHERE project = ${project}
) GROUP BY source ORDER BY source`.compile(compileOnly<Database>());
}

const never = '1970-01-01 00:00:00.000';

export function readFreshness(rows: readonly FreshnessRow[]): Freshness {
  const known = rows.filter((row) => row.as_of !== never);
  return {
    dataAsOf: Object.fromEntries(known.map((row) => [row.source, `${row.as_of.replace(' ', 'T')}Z`])),
    warnings: [
      ...rows.filter(({ failed }) => failed !== '').map(failedRun),
      ...rows.filter(({ left_out }) => left_out !== '0').map(leftOut),
    ],
  };
}

const failedRun = ({ source, failed }: FreshnessRow): Text => ({
  en: `the last run of ${source} failed (${failed}): its newest data may be missing`,
  ru: `последнее чтение источника ${source} не удалось (${failed}): новейших данных может не быть`,
});

const leftOut = ({ left_out }: FreshnessRow): Text => ({
  en: `events or records that cannot be computed are left out (${left_out}): throughline doctor names them`,
  ru: `не учтены события или записи, которые не удалось посчитать (${left_out}): их называет throughline doctor`,
});

import type { StreamPull } from './context.ts';
import { idParts } from './id-parts.ts';

/** The newest version that we hold of a record. */
export interface StoredRecord {
  readonly record_id: string;
  readonly record_version: string;
  readonly deleted: boolean;
  /** Milliseconds since the epoch. */
  readonly version_at_ms: number;
}

type Row = Omit<StoredRecord, 'version_at_ms'> & { readonly version_at_ms: string };

const newest = (condition: string, outer: string): string => `
  SELECT record_id, record_version, deleted, toUnixTimestamp64Milli(newest_at) AS version_at_ms
  FROM (
    SELECT record_id, max(version_at) AS newest_at,
      argMax(raw_records.record_version, (version_at, fetched_at, raw_records.record_version)) AS record_version,
      argMax(raw_records.deleted, (version_at, fetched_at, raw_records.record_version)) AS deleted,
      argMax(raw_records.record, (version_at, fetched_at, raw_records.record_version)) AS record
    FROM raw_records
    WHERE project = {project:String} AND entity = {entity:String} AND source = {source:String} AND ${condition}
    GROUP BY record_id
  )
  WHERE ${outer}`;

/** Newest versions of the records of these ids, however many; ids that we do not know are not in it. */
export async function storedByIds(
  pull: StreamPull,
  entity: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredRecord>> {
  const sql = newest('record_id IN {ids:Array(String)}', 'true');
  const found = new Map<string, StoredRecord>();
  for (const part of idParts(ids))
    for (const row of await select(pull, entity, sql, { ids: part })) found.set(row.record_id, row);
  return found;
}

const ofDays = "JSONExtractString(record, 'date') BETWEEN {from:String} AND {to:String}";

/** Ids that ever had a day of those; a spend is never told before its day, so that the years before are not read. */
const idsOfDays = `SELECT record_id FROM raw_records
  WHERE project = {project:String} AND entity = {entity:String} AND source = {source:String}
    AND fetched_at >= toDateTime64({from:String}, 3, 'UTC') - INTERVAL 1 DAY AND ${ofDays}`;

/** Costs that we hold, not deleted, of the local days from `from` to `to`. */
export const storedCostsOfDays = (pull: StreamPull, from: string, to: string): Promise<StoredRecord[]> =>
  select(pull, 'cost', newest(`record_id IN (${idsOfDays})`, `NOT deleted AND ${ofDays}`), { from, to });

/** What we hold, not deleted, of the things of these keys: records of the id `<key>` and of `<key>:<part>`. */
export async function storedOfWholes(pull: StreamPull, keys: readonly string[]): Promise<StoredRecord[]> {
  const sql = newest("substringIndex(record_id, ':', 1) IN {keys:Array(String)}", 'NOT deleted');
  const found: StoredRecord[] = [];
  for (const part of idParts(keys)) found.push(...(await select(pull, pull.entity, sql, { keys: part })));
  return found;
}

/** Key of the thing that a record of such an id is, or is a part of. */
export const wholeOf = (recordId: string): string => recordId.split(':', 1)[0] ?? '';

/** Every record of the stream's entity that we hold, not deleted. */
export const storedAlive = (pull: StreamPull): Promise<StoredRecord[]> =>
  select(pull, pull.entity, newest('true', 'NOT deleted'), {});

async function select(
  pull: StreamPull,
  entity: string,
  sql: string,
  params: Record<string, string | readonly string[]>,
): Promise<StoredRecord[]> {
  const rows = await pull.deps.warehouse.query<Row>(sql, {
    project: pull.deps.project,
    entity,
    source: pull.sourceId,
    ...params,
  });
  return rows.map((row) => ({ ...row, version_at_ms: Number(row.version_at_ms) }));
}

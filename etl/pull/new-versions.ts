import type { RawRecord } from '../../domain/record/raw-record.ts';
import { toInstant } from '../../domain/time.ts';
import type { StreamPull } from './context.ts';
import { type StoredRecord, storedByIds } from './stored-records.ts';

/**
 * What makes a version newer. `arrival`: what a source says now is newer than what it said before, whatever instant it
 * names. `instant`: versions come in files that may arrive out of turn, so the instant of each alone decides.
 */
export type VersionOrder = 'arrival' | 'instant';

/** Of the records of a page, the versions that say something new, one for each record. */
export async function newVersions(
  pull: StreamPull,
  records: readonly RawRecord[],
  order: VersionOrder = 'arrival',
): Promise<RawRecord[]> {
  const latest = latestOfEach(records);
  const entities = [...new Set(latest.map((record) => record.entity))];
  const ofEntity = (entity: string): RawRecord[] => latest.filter((record) => record.entity === entity);
  const found = await Promise.all(entities.map((entity) => newOfEntity(pull, entity, ofEntity(entity), order)));
  return found.flat();
}

async function newOfEntity(
  pull: StreamPull,
  entity: string,
  records: readonly RawRecord[],
  order: VersionOrder,
): Promise<RawRecord[]> {
  const ids = records.map((record) => record.record_id);
  const stored = await storedByIds(pull, entity, ids);
  if (order === 'instant') return records.filter((record) => isNewOrNewer(record, stored.get(record.record_id)));
  return records
    .filter((record) => saysSomethingNew(record, stored.get(record.record_id)))
    .map((record) => afterStored(record, stored.get(record.record_id)));
}

function latestOfEach(records: readonly RawRecord[]): RawRecord[] {
  const latest = new Map<string, RawRecord>();
  for (const record of records) {
    const key = `${record.entity} ${record.source} ${record.record_id}`;
    const other = latest.get(key);
    if (other === undefined || other.version_at <= record.version_at) latest.set(key, record);
  }
  return [...latest.values()];
}

function saysSomethingNew(record: RawRecord, stored: StoredRecord | undefined): boolean {
  // A deletion of what we never had says nothing.
  if (stored === undefined) return !record.deleted;
  if (record.deleted && stored.deleted) return false;
  return record.deleted !== stored.deleted || record.record_version !== stored.record_version;
}

/** The same content with a later instant is kept too: it outdates what a file in between may still bring. */
const isNewOrNewer = (record: RawRecord, stored: StoredRecord | undefined): boolean =>
  saysSomethingNew(record, stored) || (stored !== undefined && Date.parse(record.version_at) > stored.version_at_ms);

/**
 * What a source says now is newer than what it said before, whatever instant it names: a record restored, re-dated or
 * changed without a new instant must not stay behind its own earlier version.
 */
function afterStored(record: RawRecord, stored: StoredRecord | undefined): RawRecord {
  if (stored === undefined || Date.parse(record.version_at) > stored.version_at_ms) return record;
  return { ...record, version_at: toInstant(stored.version_at_ms + 1) };
}

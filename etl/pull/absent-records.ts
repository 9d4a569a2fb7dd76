import type { RawRecord } from '../../domain/record/raw-record.ts';
import { toInstant } from '../../domain/time.ts';
import { SourceError } from '../errors.ts';
import type { Page } from '../source.ts';
import type { StreamPull } from './context.ts';
import { type StoredRecord, storedAlive, storedCostsOfDays, storedOfWholes } from './stored-records.ts';

/** So many things may vanish at once whatever their share: of a few orders one is a large share. */
const alwaysAllowed = 2;

/** Versions that mark as deleted the costs of a window that did not come this time. */
export async function absentFromWindow(
  pull: StreamPull,
  window: { readonly from: string; readonly to: string },
  seen: ReadonlySet<string>,
): Promise<RawRecord[]> {
  const stored = await storedCostsOfDays(pull, window.from, window.to);
  const absent = stored.filter((record) => !seen.has(record.record_id));
  return absent.map((record) =>
    deletedVersion(pull, record, `not in the data of ${window.from}..${window.to} any more`),
  );
}

/** Versions that mark as deleted what the things of these keys consisted of and do not any more. */
export async function absentFromWholes(
  pull: StreamPull,
  keys: readonly string[],
  seen: ReadonlySet<string>,
): Promise<RawRecord[]> {
  const stored = await storedOfWholes(pull, keys);
  const absent = stored.filter((record) => !seen.has(record.record_id));
  return absent.map((record) => deletedVersion(pull, record, 'no part of what it belongs to any more'));
}

/**
 * Versions that mark as deleted the records that the source no longer lists. `keyOf`: the id in the list of a record of ours. A list
 * without anything is never believed: it is what an interface without rights answers too.
 */
export async function absentFromSource(
  pull: StreamPull,
  present: NonNullable<Page<unknown>['present']>,
  keyOf: (recordId: string) => string,
): Promise<RawRecord[]> {
  const ids = new Set(present.ids);
  const stored = await storedAlive(pull);
  const absent = stored.filter((record) => !ids.has(keyOf(record.record_id)));
  // A document of many parts is one thing that vanished.
  const countKeys = (records: readonly StoredRecord[]) => new Set(records.map((one) => keyOf(one.record_id))).size;
  const [known, gone] = [countKeys(stored), countKeys(absent)];
  const limit = Math.max(alwaysAllowed, Math.floor((known * present.limitPercent) / 100));
  if (gone > limit || (ids.size === 0 && gone > 0)) {
    const cure = ids.size === 0 ? 'delete them through the API (deleted: true)' : 'raise vanished_limit_percent';
    throw new SourceError(
      'auth',
      `${gone} of ${known} records of ${pull.stream} are not listed by the source any more; nothing was ` +
        `deleted here. Most likely the user of the connection lost rights. If they really were deleted, ${cure}.`,
    );
  }
  return absent.map((record) => deletedVersion(pull, record, 'not listed by the source any more'));
}

function deletedVersion(pull: StreamPull, stored: StoredRecord, why: string): RawRecord {
  const nowMs = pull.deps.clock.now();
  return {
    project: pull.deps.project,
    source: pull.sourceId,
    entity: pull.entity,
    record_id: stored.record_id,
    record_version: 'absent',
    version_at: toInstant(Math.max(nowMs, stored.version_at_ms + 1)),
    fetched_at: toInstant(nowMs),
    deleted: true,
    payload: JSON.stringify({ absent: why }),
    record: '',
  };
}

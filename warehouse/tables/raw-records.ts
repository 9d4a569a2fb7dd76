import { column } from '../column.ts';
import { defineTable } from '../table.ts';

/** Append-only. The newest version of a record is the one with the greatest (version_at, fetched_at, record_version). */
export const rawRecords = defineTable({
  name: 'raw_records',
  row: 'one version of one source record',
  columns: {
    project: column.name('project'),
    source: column.name('id of the source in the configuration, or the sender named in an ingest row'),
    entity: column.name('deal, payment, cost, lead, touch, client, stage'),
    record_id: column.string('id in the source'),
    record_version: column.string('version mark of the source, compared for equality only'),
    version_at: column.instant('instant of this version by the source, else when it was fetched'),
    fetched_at: column.instant('when it reached us'),
    deleted: column.flag('the source no longer has it'),
    payload: column.string('JSON as it came, contacts removed'),
    record: column.string('JSON of the same in our shape (domain/record), contacts hashed; empty when deleted'),
    batch: column.string('spool segment or pull page it came with'),
  },
  engine: 'MergeTree',
  orderBy: ['project', 'entity', 'source', 'record_id', 'version_at', 'fetched_at'],
  settings: { non_replicated_deduplication_window: 10000 },
});

/** The queue between loading and the stages. A batch is written once as waiting and once more when every stage has taken it. */
export const rawBatches = defineTable({
  name: 'raw_batches',
  row: 'one batch wholly loaded into a raw table',
  columns: {
    project: column.name('project'),
    batch: column.string('spool segment or pull page'),
    kind: column.name('events or records'),
    rows: column.uint64('rows in it'),
    loaded_at: column.instant('when it was loaded').default("now64(3, 'UTC')"),
    done: column.uint8('1: every stage has taken it').default('0'),
  },
  engine: 'ReplacingMergeTree(done)',
  orderBy: ['project', 'batch'],
});

export const rejected = defineTable({
  name: 'rejected',
  row: 'one thing we could not take',
  columns: {
    project: column.name('project'),
    rejected_id: column.string('id'),
    rejected_at: column.instant('when'),
    source: column.name('collect, ingest, exchange, or the id of a source'),
    entity: column.name('what it was to be'),
    reason: column.name('why, from a closed list'),
    place: column.string('where in the input'),
    detail: column.string('the same in words'),
    payload: column.string('what came, contacts removed'),
    batch: column.string('spool segment it came with'),
  },
  engine: 'ReplacingMergeTree',
  orderBy: ['project', 'rejected_at', 'rejected_id'],
  settings: { non_replicated_deduplication_window: 10000 },
});

/** Until it is taken in again the stages read its other versions alone. It stays in its raw table as it came. */
export const setAside = defineTable({
  name: 'set_aside',
  row: 'one event or record version that some statement of the stages refused',
  columns: {
    project: column.name('project'),
    batch: column.string('spool segment or pull page it came with'),
    key: column.string('event:<uuid> or <entity>:<source>:<id>'),
    detail: column.string('stage and error'),
    set_aside_at: column.instant('when'),
    run_no: column.uint64('ETL run that wrote the row'),
    is_deleted: column.uint8('1: taken in again'),
  },
  engine: 'ReplacingMergeTree(run_no, is_deleted)',
  orderBy: ['project', 'batch', 'key'],
});

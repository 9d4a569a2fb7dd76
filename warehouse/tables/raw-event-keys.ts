import { column } from '../column.ts';
import { defineTable } from '../table.ts';

/** Filled by a materialized view on raw_events; decides which row of a repeated event counts, across visitors and months. */
export const rawEventKeys = defineTable({
  name: 'raw_event_keys',
  row: 'one event id as one browser sent it',
  columns: {
    project: column.name('project'),
    event_id: column.uuid('event'),
    visitor_id: column.uuid('browser'),
    occurred_at: column.instant('when it happened, by the sender'),
  },
  engine: 'ReplacingMergeTree',
  orderBy: ['project', 'event_id', 'visitor_id', 'occurred_at'],
  settings: { index_granularity: 256, non_replicated_deduplication_window: 10000 },
});

/** Filled by a materialized view on raw_events; tells a stage whose visits a batch touches without reading the events. */
export const rawBatchVisitors = defineTable({
  name: 'raw_batch_visitors',
  row: 'one browser with events in one batch',
  columns: {
    batch: column.string('spool segment'),
    project: column.name('project'),
    visitor_id: column.uuid('browser'),
    loaded_at: column.instant('when the row was written').default("now64(3, 'UTC')"),
  },
  engine: 'ReplacingMergeTree',
  orderBy: ['batch', 'project', 'visitor_id'],
  ttl: 'toDateTime(loaded_at) + INTERVAL 30 DAY',
  settings: { non_replicated_deduplication_window: 10000 },
});

/** Filled by a materialized view on raw_events; finds the browser behind a visit id or a spoken visit code. */
export const visitKeys = defineTable({
  name: 'visit_keys',
  row: 'one visit id or visit code seen with one browser',
  columns: {
    project: column.name('project'),
    key: column.string('v:<visit id> or c:<visit code>'),
    visitor_id: column.uuid('browser'),
    first_at: column.simpleMin('first event that carried the key'),
  },
  engine: 'AggregatingMergeTree',
  orderBy: ['project', 'key', 'visitor_id'],
  settings: { non_replicated_deduplication_window: 10000 },
});

import { column } from '../column.ts';
import { defineTable } from '../table.ts';

export const etlRuns = defineTable({
  name: 'etl_runs',
  row: 'one run of a source or of the stages',
  columns: {
    run_no: column.uint64('counts up; the version of what the run wrote'),
    project: column.name('project'),
    kind: column.name('pull or stages'),
    source: column.name('id of the source; empty for the stages'),
    trigger: column.name('schedule, catch_up, command, arrival'),
    started_at: column.instant('when'),
    ended_at: column.instant('when it ended').nullable(),
    outcome: column.name('running, ok, failed'),
    reason: column.name('why it failed, from a closed list'),
    detail: column.string('the same in words'),
    rows_read: column.uint64('records read'),
    rows_written: column.uint64('versions written'),
    updated_at: column.instant('when this row was written'),
  },
  engine: 'ReplacingMergeTree(updated_at)',
  orderBy: ['project', 'run_no'],
});

/** Filled by a materialized view from `etl_runs`: the newest runs without reading all that ever were. */
export const runOutcomes = defineTable({
  name: 'run_outcomes',
  row: 'the newest finished run of a source, or of the stages, that ended this way',
  columns: {
    project: column.name('project'),
    kind: column.name('pull or stages'),
    source: column.name('id of the source; empty for the stages'),
    outcome: column.name('ok, failed'),
    run_no: column.uint64('number of the run'),
    started_at: column.instant('when'),
    reason: column.name('why it failed, from a closed list'),
    detail: column.string('the same in words'),
  },
  engine: 'ReplacingMergeTree(run_no)',
  orderBy: ['project', 'kind', 'source', 'outcome'],
});

export const cursors = defineTable({
  name: 'cursors',
  row: 'how far one stream of one source has been read',
  columns: {
    project: column.name('project'),
    source: column.name('id of the source'),
    stream: column.name('stream'),
    position: column.string('JSON; its shape belongs to the stream'),
    data_as_of: column.instant('the source was read up to here'),
    updated_at: column.instant('when'),
  },
  engine: 'ReplacingMergeTree(updated_at)',
  orderBy: ['project', 'source', 'stream'],
});

export const tokens = defineTable({
  name: 'tokens',
  row: 'one version of one access token',
  columns: {
    project: column.name('project'),
    token_hash: column.string('SHA-256 of the token'),
    token_id: column.string('short id to speak of it'),
    name: column.string('what it is for'),
    scopes: column.strings('read, ingest, admin'),
    created_at: column.instant('when'),
    revoked_at: column.instant('when it was revoked').nullable(),
    updated_at: column.instant('when this row was written'),
  },
  engine: 'ReplacingMergeTree(updated_at)',
  orderBy: ['token_hash'],
});

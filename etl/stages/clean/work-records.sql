-- One row is one source record named in the batches, or that happened or came since the day of a rebuild, in its newest version.
-- A version set aside counts for none: a record without another is gone.
CREATE OR REPLACE TABLE work_records ENGINE = MergeTree ORDER BY (entity, source, record_id) AS
WITH named AS (
  SELECT DISTINCT entity, source, record_id
  FROM raw_records
  WHERE project = {project:String} AND ({all:Bool} OR batch IN {batches:Array(String)} OR ({since_day:String} != '' AND (
    fetched_at >= {since_at:DateTime64(3, 'UTC')} OR version_at >= {since_at:DateTime64(3, 'UTC')}
    OR greatest(JSONExtractString(record, 'created_at'), JSONExtractString(record, 'closed_at'), JSONExtractString(record, 'paid_at'),
      JSONExtractString(record, 'entered_at'), JSONExtractString(record, 'at')) >= {since_instant:String}
    OR greatest(JSONExtractString(record, 'date'), JSONExtractString(record, 'to_date')) >= {since_day:String})))
)
SELECT r.entity AS entity, r.source AS source, r.record_id AS record_id, concat(r.source, ':', r.record_id) AS record_key,
  r.deleted OR is_aside AS deleted, if(is_aside, '', r.record) AS record, r.version_at AS version_at, r.fetched_at AS fetched_at
FROM (
  SELECT *,
    notEmpty({aside_batches:Array(String)}) AND batch IN {aside_batches:Array(String)} AND arrayExists(
      (aside_batch, first_key, last_key) -> batch = aside_batch AND concat(entity, ':', source, ':', record_id) BETWEEN first_key AND last_key,
      {aside_batches:Array(String)}, {aside_first_keys:Array(String)}, {aside_last_keys:Array(String)}) AS is_aside
  FROM raw_records
  WHERE project = {project:String} AND (entity, source, record_id) IN (SELECT entity, source, record_id FROM named)
) AS r
ORDER BY is_aside, r.version_at DESC, r.fetched_at DESC, r.record_version DESC
LIMIT 1 BY r.entity, r.source, r.record_id

-- One row is one source record named in the batches, or that happened or came since the day of a rebuild, in its newest version.
-- A version set aside counts for none: a record without another is gone.
CREATE OR REPLACE TABLE work_records ENGINE = MergeTree ORDER BY (entity, source, record_id) AS
-- What is decided together is taken together: a deal with the payment that it implies (<deal id>:paid), which counts while no other pays the
-- deal, and a step of a deal, which may tell its status or its end, with that deal.
WITH arrived AS (
  SELECT DISTINCT entity, source, record_id
  FROM raw_records
  WHERE project = {project:String} AND ({all:Bool} OR batch IN {batches:Array(String)} OR ({since_day:String} != '' AND (
    fetched_at >= {since_at:DateTime64(3, 'UTC')} OR version_at >= {since_at:DateTime64(3, 'UTC')}
    OR greatest(JSONExtractString(record, 'created_at'), JSONExtractString(record, 'closed_at'), JSONExtractString(record, 'paid_at'),
      JSONExtractString(record, 'entered_at'), JSONExtractString(record, 'at')) >= {since_instant:String}
    OR greatest(JSONExtractString(record, 'date'), JSONExtractString(record, 'to_date')) >= {since_day:String})))
),
named AS (
  SELECT DISTINCT arrayJoin(arrayPushFront(
    multiIf(
      {all:Bool}, [],
      entity = 'deal', [('payment', toString(source), concat(record_id, ':paid'))],
      entity = 'payment' AND JSONHas(record, 'deal_id'), [('payment', toString(source), concat(JSONExtractString(record, 'deal_id'), ':paid'))],
      entity = 'stage', [('deal', toString(source), JSONExtractString(record, 'deal_id'))],
      []),
    (toString(entity), toString(source), record_id))) AS key
  FROM raw_records
  WHERE project = {project:String} AND (entity, source, record_id) IN (SELECT entity, source, record_id FROM arrived)
)
SELECT r.entity AS entity, r.source AS source, r.record_id AS record_id, concat(r.source, ':', r.record_id) AS record_key,
  r.deleted OR is_aside AS deleted, if(is_aside, '', r.record) AS record, r.version_at AS version_at, r.fetched_at AS fetched_at
FROM (
  SELECT *,
    notEmpty({aside_batches:Array(String)}) AND batch IN {aside_batches:Array(String)} AND arrayExists(
      (aside_batch, first_key, last_key) -> batch = aside_batch AND concat(entity, ':', source, ':', record_id) BETWEEN first_key AND last_key,
      {aside_batches:Array(String)}, {aside_first_keys:Array(String)}, {aside_last_keys:Array(String)}) AS is_aside
  FROM raw_records
  WHERE project = {project:String} AND (entity, source, record_id) IN (SELECT key.1, key.2, key.3 FROM named)
) AS r
ORDER BY is_aside, r.version_at DESC, r.fetched_at DESC, r.record_version DESC
LIMIT 1 BY r.entity, r.source, r.record_id

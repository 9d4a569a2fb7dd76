-- One row is one step of a deal into a stage; a step that moved in time is marked gone at its old instant.
INSERT INTO deal_stages
WITH steps AS (
  SELECT concat(source, ':', JSONExtractString(record, 'deal_id')) AS deal_key,
    parseDateTime64BestEffortOrZero(JSONExtractString(record, 'entered_at'), 3, 'UTC') AS entered_at,
    record_key AS stage_key, JSONExtractString(record, 'stage') AS status, JSONExtractString(record, 'stage_name') AS status_name,
    multiIf(
      mapContains({status_groups:Map(String, String)}, status), {status_groups:Map(String, String)}[status],
      mapContains({status_groups:Map(String, String)}, status_name), {status_groups:Map(String, String)}[status_name],
      JSONExtractString(record, 'status')) AS status_group,
    version_at AS told_at, JSONExtractBool(record, 'tells_deal') AS tells_deal
  FROM work_records
  WHERE entity = 'stage' AND NOT deleted
)
SELECT {project:String} AS project, deal_key, entered_at, stage_key, status, status_name, status_group, told_at, tells_deal,
  {run_no:UInt64} AS run_no, toUInt8(0) AS is_deleted
FROM steps
UNION ALL
SELECT * REPLACE ({run_no:UInt64} AS run_no, toUInt8(1) AS is_deleted)
FROM deal_stages FINAL
WHERE project = {project:String}
  AND stage_key IN (SELECT record_key FROM work_records WHERE entity = 'stage')
  AND (deal_key, entered_at, stage_key) NOT IN (SELECT deal_key, entered_at, stage_key FROM steps)

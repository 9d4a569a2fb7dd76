-- One row is one source record named in the batches, in its newest version.
CREATE OR REPLACE TABLE work_records ENGINE = MergeTree ORDER BY (entity, source, record_id) AS
WITH named AS (
  SELECT DISTINCT entity, source, record_id
  FROM raw_records
  WHERE project = {project:String} AND ({all:Bool} OR batch IN {batches:Array(String)})
)
SELECT entity, source, record_id, concat(source, ':', record_id) AS record_key, deleted, record, version_at, fetched_at
FROM raw_records
WHERE project = {project:String} AND (entity, source, record_id) IN (SELECT entity, source, record_id FROM named)
ORDER BY version_at DESC, fetched_at DESC, record_version DESC
LIMIT 1 BY entity, source, record_id

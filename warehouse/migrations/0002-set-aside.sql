CREATE TABLE IF NOT EXISTS `set_aside`
(
  `project` LowCardinality(String) COMMENT 'project',
  `batch` String COMMENT 'spool segment or pull page it came with',
  `key` String COMMENT 'event:<uuid> or <entity>:<source>:<id>',
  `detail` String COMMENT 'stage and error',
  `set_aside_at` DateTime64(3, 'UTC') COMMENT 'when',
  `run_no` UInt64 COMMENT 'ETL run that wrote the row',
  `is_deleted` UInt8 COMMENT '1: taken in again'
)
ENGINE = ReplacingMergeTree(run_no, is_deleted)
ORDER BY (`project`, `batch`, `key`)
COMMENT 'one event or record version that some statement of the stages refused';

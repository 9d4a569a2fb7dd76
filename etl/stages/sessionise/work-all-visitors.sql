-- One row is one browser of this share of all browsers ever seen.
CREATE OR REPLACE TABLE work_visitors ENGINE = Memory AS
SELECT DISTINCT visitor_id
FROM raw_events
WHERE project = {project:String} AND cityHash64(visitor_id) % {chunks:UInt32} = {chunk:UInt32}

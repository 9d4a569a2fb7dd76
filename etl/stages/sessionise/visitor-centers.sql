-- One row is one browser whose evidence stands anew in work_edges.
CREATE OR REPLACE TABLE work_centers ENGINE = Memory AS
SELECT concat('visitor:', toString(visitor_id)) AS center FROM work_visitors

-- One row is one identifier of the persons concerned and the person it now belongs to.
CREATE OR REPLACE TABLE work_members (node String, client_id String) ENGINE = MergeTree ORDER BY node

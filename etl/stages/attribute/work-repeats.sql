-- One row is one request that repeats another one, and the one that counts for both.
CREATE OR REPLACE TABLE work_repeats (lead_id String, duplicate_of String) ENGINE = MergeTree ORDER BY lead_id

-- One row is one identifier and the person that a run counted it to; the run began to write marts by that and has not ended.
CREATE TABLE IF NOT EXISTS work_unfinished (node String, client_id String) ENGINE = MergeTree ORDER BY node

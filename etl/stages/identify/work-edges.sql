-- One row is one identifier that one of the centers of work_centers gives of its person, and by which key.
CREATE OR REPLACE TABLE work_edges (center String, node String, via String) ENGINE = MergeTree ORDER BY (center, node)

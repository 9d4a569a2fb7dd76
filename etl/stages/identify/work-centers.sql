-- One row is one browser, deal, request, touch or contact card whose evidence stands anew in work_edges.
CREATE OR REPLACE TABLE work_centers (center String) ENGINE = MergeTree ORDER BY center

-- One row is one browser whose evidence stands anew in work_edges.
INSERT INTO work_centers
SELECT concat('visitor:', toString(visitor_id)) AS center FROM work_visitors

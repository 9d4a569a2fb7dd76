-- One row is one visit of one browser; visits that the new reading no longer has are marked gone.
INSERT INTO visits
SELECT *, {run_no:UInt64} AS run_no, toUInt8(0) AS is_deleted
FROM work_visits
UNION ALL
SELECT * REPLACE ({run_no:UInt64} AS run_no, toUInt8(1) AS is_deleted)
FROM visits FINAL
WHERE project = {project:String} AND visitor_id IN (SELECT visitor_id FROM work_visitors)
  AND (visitor_id, started_at, visit_id) NOT IN (SELECT visitor_id, started_at, visit_id FROM work_visits)

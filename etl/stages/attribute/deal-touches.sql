-- One row is one touch on the path of one deal or of a request without a deal; those no longer on it are marked gone.
INSERT INTO deal_touches
SELECT *, {run_no:UInt64} AS run_no, toUInt8(0) AS is_deleted
FROM work_path_touches
UNION ALL
SELECT * REPLACE ({run_no:UInt64} AS run_no, toUInt8(1) AS is_deleted)
FROM deal_touches FINAL
WHERE project = {project:String}
  AND client_id IN (SELECT client_id FROM work_clients WHERE cityHash64(client_id) % {chunks:UInt32} = {chunk:UInt32})
  AND (path_id, touched_at, touch_id) NOT IN (SELECT path_id, touched_at, touch_id FROM work_path_touches)

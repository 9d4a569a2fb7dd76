-- One row is one identifier that now belongs to another person than before, or to its first; to none when nobody witnesses it any more.
INSERT INTO identity_links
WITH known AS (
  SELECT node, client_id FROM identity_links FINAL WHERE project = {project:String} AND client_id != '' AND node IN (SELECT node FROM work_closure)
)
SELECT {project:String} AS project, node, client_id, {run_no:UInt64} AS run_no
FROM work_members
WHERE (node, client_id) NOT IN (SELECT node, client_id FROM known)
UNION ALL
SELECT {project:String} AS project, node, '' AS client_id, {run_no:UInt64} AS run_no
FROM known
WHERE node NOT IN (SELECT node FROM work_members)

-- One row is one identifier that now belongs to another person than before, or to its first.
INSERT INTO identity_links
SELECT {project:String} AS project, node, client_id, {run_no:UInt64} AS run_no
FROM work_labels
WHERE (node, client_id) NOT IN (
  SELECT node, client_id FROM identity_links FINAL WHERE project = {project:String} AND node IN (SELECT node FROM work_closure))

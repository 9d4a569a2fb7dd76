-- One row is one identifier concerned that somebody witnesses, or a request or deal that nobody knows more of.
SELECT node_a AS node FROM identity_edges FINAL WHERE project = {project:String} AND node_a IN (SELECT node FROM work_closure)
UNION DISTINCT
SELECT node FROM staged_leads FINAL WHERE project = {project:String} AND node IN (SELECT node FROM work_closure)
UNION DISTINCT
SELECT concat('deal:', deal_key) AS node FROM staged_deals FINAL
WHERE project = {project:String} AND deal_key IN (SELECT substring(node, 6) FROM work_closure WHERE startsWith(node, 'deal:'))

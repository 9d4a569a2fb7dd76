-- One row is one connection between identifiers of the persons concerned.
SELECT DISTINCT node_a, node_b
FROM identity_edges FINAL
WHERE project = {project:String} AND node_a IN (SELECT node FROM work_closure) AND node_b IN (SELECT node FROM work_closure) AND node_a < node_b
  AND (node_a, node_b) NOT IN (SELECT node_a, node_b FROM work_cut_edges)

-- One row is one end of a piece of evidence that appears or disappears with work_edges.
INSERT INTO work_touched
WITH known AS (
  SELECT node_a, node_b FROM identity_edges FINAL
  WHERE project = {project:String} AND node_a IN (SELECT center FROM work_centers) AND center = node_a
)
SELECT arrayJoin([center, node]) AS node FROM (SELECT center, node FROM work_edges WHERE (center, node) NOT IN (SELECT node_a, node_b FROM known))
UNION DISTINCT
SELECT arrayJoin([node_a, node_b]) AS node FROM known WHERE (node_a, node_b) NOT IN (SELECT center, node FROM work_edges)

-- One row is one end of one piece of evidence: new ones of work_edges, and those of the same centers that are no longer witnessed.
INSERT INTO identity_edges
WITH known AS (
  SELECT node_a, node_b, via FROM identity_edges FINAL
  WHERE project = {project:String} AND node_a IN (SELECT center FROM work_centers) AND center = node_a
)
SELECT {project:String} AS project, ends.1 AS node_a, ends.2 AS node_b, ends.3 AS center, w.via AS via, {run_no:UInt64} AS run_no, toUInt8(0) AS is_deleted
FROM work_edges AS w
ARRAY JOIN [(w.center, w.node, w.center), (w.node, w.center, w.center)] AS ends
WHERE (w.center, w.node, w.via) NOT IN (SELECT node_a, node_b, via FROM known)
UNION ALL
SELECT {project:String} AS project, ends.1 AS node_a, ends.2 AS node_b, ends.3 AS center, k.via AS via, {run_no:UInt64} AS run_no, toUInt8(1) AS is_deleted
FROM known AS k
ARRAY JOIN [(k.node_a, k.node_b, k.node_a), (k.node_b, k.node_a, k.node_a)] AS ends
WHERE (k.node_a, k.node_b) NOT IN (SELECT center, node FROM work_edges)

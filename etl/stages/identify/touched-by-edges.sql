-- One row is one identifier that those whose evidence is read anew give now or gave before, or one of themselves.
INSERT INTO work_touched
SELECT arrayJoin([center, node]) AS node FROM work_edges
UNION DISTINCT
SELECT arrayJoin([node_a, node_b]) AS node FROM identity_edges FINAL
WHERE project = {project:String} AND node_a IN (SELECT center FROM work_centers) AND center = node_a

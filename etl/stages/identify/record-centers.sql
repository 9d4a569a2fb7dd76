-- One row is one deal, request, touch or contact card whose evidence stands anew in work_edges.
INSERT INTO work_centers
SELECT DISTINCT node AS center
FROM work_touched
WHERE startsWith(node, 'deal:') OR startsWith(node, 'lead:') OR startsWith(node, 'touch:') OR startsWith(node, 'contact:')

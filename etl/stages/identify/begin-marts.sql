-- One row is one identifier concerned and the person that the marts are now written by; none when nobody witnesses it any more.
INSERT INTO work_unfinished
SELECT node, client_id FROM work_members
UNION ALL
SELECT node, '' AS client_id FROM work_closure WHERE node NOT IN (SELECT node FROM work_members)

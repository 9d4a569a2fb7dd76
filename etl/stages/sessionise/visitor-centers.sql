-- One row is one browser, or visit or event of one that is several people, whose evidence stands anew in work_edges.
INSERT INTO work_centers
SELECT node AS center FROM work_nodes

-- One row is one identifier of the persons concerned: those touched, all that were with them before, and those of a run that did not end. Of browsers and
-- order numbers their neighbours too, with all of theirs: which of them belong together is decided among all that name one (work_cut_edges).
CREATE OR REPLACE TABLE work_closure ENGINE = MergeTree ORDER BY node AS
WITH
  begun AS (SELECT node FROM work_touched UNION DISTINCT SELECT node FROM work_unfinished),
  concerned AS (
    SELECT node FROM begun
    UNION DISTINCT
    SELECT node_b AS node FROM identity_edges FINAL
    WHERE project = {project:String} AND node_a IN (SELECT node FROM begun WHERE match(node, '^(visitor|visit|order):'))
  )
SELECT node FROM concerned
UNION DISTINCT
SELECT node FROM identity_links
WHERE project = {project:String} AND client_id IN (
  SELECT client_id FROM identity_links FINAL WHERE project = {project:String} AND client_id != '' AND node IN (SELECT node FROM concerned))

-- One row is one identifier of the persons concerned: those touched, all that were with them before, and those of a run that did not end.
CREATE OR REPLACE TABLE work_closure ENGINE = MergeTree ORDER BY node AS
WITH concerned AS (SELECT node FROM work_touched UNION DISTINCT SELECT node FROM work_unfinished)
SELECT node FROM concerned
UNION DISTINCT
SELECT node FROM identity_links
WHERE project = {project:String} AND client_id IN (
  SELECT client_id FROM identity_links FINAL WHERE project = {project:String} AND client_id != '' AND node IN (SELECT node FROM concerned))

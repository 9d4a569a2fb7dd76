-- One row is one identifier of the persons concerned: those touched, and all that were with them before.
CREATE OR REPLACE TABLE work_closure ENGINE = MergeTree ORDER BY node AS
SELECT DISTINCT node FROM work_touched
UNION DISTINCT
SELECT node FROM identity_links
WHERE project = {project:String} AND client_id IN (
  SELECT client_id FROM identity_links FINAL WHERE project = {project:String} AND client_id != '' AND node IN (SELECT node FROM work_touched))

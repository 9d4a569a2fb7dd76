-- One row is one person whose requests, deals, money and paths are computed anew: all that the identifiers concerned belong to now, belonged to, or were counted to by a run that did not end.
CREATE OR REPLACE TABLE work_clients ENGINE = MergeTree ORDER BY client_id AS
SELECT client_id FROM work_members
UNION DISTINCT
SELECT client_id FROM identity_links FINAL WHERE project = {project:String} AND client_id != '' AND node IN (SELECT node FROM work_closure)
UNION DISTINCT
SELECT client_id FROM work_unfinished WHERE client_id != ''

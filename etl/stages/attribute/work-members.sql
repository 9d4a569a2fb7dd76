-- One row is one identifier of one of the persons concerned.
CREATE OR REPLACE TABLE work_members ENGINE = MergeTree ORDER BY node AS
SELECT node, client_id
FROM identity_links FINAL
WHERE project = {project:String} AND client_id IN (SELECT client_id FROM work_clients)

-- One row is one of those browsers that keeps no cookie: whoever has the same browser behind the same address is it too, for a day.
CREATE OR REPLACE TABLE work_cookieless ENGINE = Memory AS
SELECT DISTINCT visitor_id
FROM raw_events
WHERE project = {project:String} AND visitor_id IN (SELECT visitor_id FROM work_visitors) AND consent = 'cookieless'

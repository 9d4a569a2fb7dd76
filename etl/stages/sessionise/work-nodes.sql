-- One row is one node by which evidence, touches and requests of those browsers stand or ever stood: of a browser that is several people each event may have begun a visit, or told of somebody by itself.
CREATE OR REPLACE TABLE work_nodes ENGINE = Memory AS
SELECT concat('visitor:', toString(visitor_id)) AS node
FROM work_visitors
UNION ALL
SELECT DISTINCT concat(kind, ':', toString(visitor_id), '/', toString(event_id)) AS node
FROM raw_events
ARRAY JOIN ['visit', 'event'] AS kind
WHERE project = {project:String} AND visitor_id IN (SELECT visitor_id FROM work_shared)
  AND (kind = 'visit' OR type IN ('form_submit', 'purchase') OR concat(phone_hash, email_hash, user_id, ym_client_id, order_id) != '')

-- One row is one event of a browser that is several people, and the node whose person it asks for or tells of. Without a cookie: its visit,
-- when one person may have told all that is told in it, else the event by itself. Of any other browser: the event by itself, if it tells of somebody.
CREATE OR REPLACE TABLE work_event_nodes ENGINE = Memory AS
WITH
  telling AS (
    SELECT visitor_id, event_id, occurred_at, phone_hash, email_hash,
      if(lower(user_id) IN {idle_ids:Array(String)}, '', user_id) AS told_user,
      if(lower(ym_client_id) IN {idle_ids:Array(String)}, '', ym_client_id) AS told_ym,
      if(type != 'purchase' OR lower(order_id) IN {idle_ids:Array(String)}, '', order_id) AS told_order
    FROM work_events
    WHERE visitor_id IN (SELECT visitor_id FROM work_shared) AND NOT is_anonymous
      AND (type IN ('form_submit', 'purchase') OR concat(phone_hash, email_hash, user_id, ym_client_id) != '')
  ),
  placed AS (
    SELECT t.*, v.visit_id AS own_visit
    FROM telling AS t
    INNER JOIN (SELECT visitor_id, visit_id, started_at, ended_at FROM work_visits) AS v ON v.visitor_id = t.visitor_id
    WHERE t.visitor_id IN (SELECT visitor_id FROM work_shared WHERE is_cookieless) AND t.occurred_at >= v.started_at AND t.occurred_at <= v.ended_at
    ORDER BY t.event_id, v.started_at DESC, v.visit_id DESC
    LIMIT 1 BY t.event_id
  ),
  crowded AS (
    SELECT visitor_id, own_visit
    FROM placed
    GROUP BY visitor_id, own_visit
    HAVING uniqExactIf(phone_hash, phone_hash != '') > 1 OR uniqExactIf(email_hash, email_hash != '') > 1
      OR uniqExactIf(told_user, told_user != '') > 1 OR uniqExactIf(told_ym, told_ym != '') > 1
      -- Whoever orders twice says at both who it is.
      OR (uniqExactIf(told_order, told_order != '') > 1 AND countIf(told_order != '') > greatest(
        countIf(told_order != '' AND phone_hash != ''), countIf(told_order != '' AND email_hash != ''),
        countIf(told_order != '' AND told_user != ''), countIf(told_order != '' AND told_ym != '')))
  )
SELECT event_id AS telling_id,
  if((visitor_id, own_visit) IN (SELECT visitor_id, own_visit FROM crowded), concat('event:', toString(visitor_id), '/', toString(event_id)),
    concat('visit:', toString(visitor_id), '/', own_visit)) AS person_node
FROM placed
UNION ALL
SELECT event_id AS telling_id, concat('event:', toString(visitor_id), '/', toString(event_id)) AS person_node
FROM telling
WHERE visitor_id NOT IN (SELECT visitor_id FROM work_shared WHERE is_cookieless) AND concat(phone_hash, email_hash, told_user, told_ym, told_order) != ''

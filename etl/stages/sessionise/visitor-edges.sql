-- One row is one identifier that one of those browsers, or a visit or event of one that is several people, gave of its person. Robots have none.
INSERT INTO work_edges
SELECT DISTINCT if(person_node = '', concat('visitor:', toString(visitor_id)), person_node) AS center, key.1 AS node, key.2 AS via
FROM work_events
LEFT JOIN work_event_nodes ON telling_id = event_id
INNER JOIN (SELECT user_agent, client_hints FROM user_agents FINAL WHERE NOT is_bot) AS people USING (user_agent, client_hints)
ARRAY JOIN arrayFilter(pair -> pair.1 != '', [
  (if(phone_hash = '', '', concat('phone:', phone_hash)), 'phone'),
  (if(email_hash = '', '', concat('email:', email_hash)), 'email'),
  (if(lower(user_id) IN {idle_ids:Array(String)}, '', concat('user:', user_id)), 'user'),
  (if(lower(ym_client_id) IN {idle_ids:Array(String)}, '', concat('ym:', ym_client_id)), 'ym_client_id'),
  (if(type != 'purchase' OR lower(order_id) IN {idle_ids:Array(String)}, '', concat('order:', order_id)), 'order')
]) AS key
WHERE NOT is_anonymous

-- One row is one identifier that a deal, request, touch or contact card gives of its person.
INSERT INTO work_edges
WITH
  carried AS (
    SELECT key, visitor_id, min(first_at) AS carried_at
    FROM visit_keys
    WHERE project = {project:String} AND key IN (SELECT arrayJoin([concat('c:', visit_code), concat('v:', visit)]) FROM work_asked)
    GROUP BY key, visitor_id
  ),
  -- A visit code may be given out again after ten million visits: the newest visit that carried it before the deal is meant.
  by_code AS (
    SELECT a.center AS center, argMax((k.visitor_id, k.carried_at), (k.carried_at, k.visitor_id)) AS browser
    FROM work_asked AS a INNER JOIN carried AS k ON k.key = concat('c:', a.visit_code)
    WHERE k.carried_at <= a.created_at + INTERVAL 1 DAY
    GROUP BY a.center
  ),
  by_visit AS (
    SELECT a.center AS center, argMin((k.visitor_id, k.carried_at), (k.carried_at, k.visitor_id)) AS browser
    FROM work_asked AS a INNER JOIN carried AS k ON k.key = concat('v:', a.visit)
    GROUP BY a.center
  ),
  named AS (
    SELECT center, browser.1 AS visitor_id, browser.2 AS carried_at, 'visit_code' AS via, 1 AS rank FROM by_code
    UNION ALL
    SELECT center, browser.1 AS visitor_id, browser.2 AS carried_at, 'visitor' AS via, 2 AS rank FROM by_visit
  ),
  -- A browser without a cookie is several people: the one visit is meant.
  cookieless AS (
    SELECT DISTINCT visitor_id FROM raw_events
    WHERE project = {project:String} AND visitor_id IN (SELECT visitor_id FROM named) AND consent = 'cookieless'
  ),
  keys AS (
    SELECT center, concat('visitor:', toString(visitor_id)) AS node, via, rank FROM named WHERE visitor_id NOT IN (SELECT visitor_id FROM cookieless)
    UNION ALL
    SELECT n.center AS center, concat('visit:', toString(n.visitor_id), '/', argMax(v.visit_id, (v.started_at, v.visit_id))) AS node, n.via AS via, n.rank AS rank
    FROM named AS n
    INNER JOIN (SELECT visitor_id, visit_id, started_at, ended_at FROM visits FINAL
      WHERE project = {project:String} AND visitor_id IN (SELECT visitor_id FROM cookieless)) AS v ON v.visitor_id = n.visitor_id
    WHERE n.carried_at >= v.started_at AND n.carried_at <= v.ended_at
    GROUP BY n.center, n.visitor_id, n.via, n.rank
    UNION ALL
    SELECT center, key.1 AS node, key.2 AS via, key.3 AS rank
    FROM work_asked
    ARRAY JOIN arrayFilter(entry -> entry.1 != '', arrayConcat(
      [(if(toUUIDOrNull(visitor) IS NULL, '', concat('visitor:', visitor)), 'visitor', 2),
       (if(lower(order_id) IN {idle_ids:Array(String)}, '', concat('order:', order_id)), 'order', 3),
       (if(lower(ym_client_id) IN {idle_ids:Array(String)}, '', concat('ym:', ym_client_id)), 'ym_client_id', 4),
       (if(lower(contact_id) IN {idle_ids:Array(String)}, '', concat('contact:', source, ':', contact_id)), 'contact', 7)],
      arrayMap(other -> (other, if(startsWith(other, 'user:'), 'user', 'deal'), 8), others),
      arrayMap(hash -> (concat('phone:', hash), 'phone', 5), phone_hashes),
      arrayMap(hash -> (concat('email:', hash), 'email', 6), email_hashes))) AS key
  )
SELECT center, node, argMin(via, rank) AS via
FROM keys
GROUP BY center, node

-- One row is one identifier that a deal, request, touch or contact card gives of its person.
CREATE OR REPLACE TABLE work_edges ENGINE = MergeTree ORDER BY (center, node) AS
WITH
  asked AS (
    SELECT concat('deal:', deal_key) AS center, deal_source AS source, created_at, visit, visit_code, visitor, order_id, ym_client_id, phone_hashes, email_hashes, contact_id,
      [if(merged_into = '', '', concat('deal:', deal_source, ':', merged_into)), if(lead_id = '', '', concat('lead:', deal_source, ':', lead_id))] AS others
    FROM staged_deals FINAL
    WHERE project = {project:String} AND concat('deal:', deal_key) IN (SELECT center FROM work_centers)
    UNION ALL
    SELECT node AS center, source, created_at, visit, visit_code, visitor, order_id, ym_client_id, phone_hashes, email_hashes, contact_id,
      [if(deal_ref_key = '', '', concat('deal:', deal_ref_key)), if(duplicate_of = '', '', concat('lead:', duplicate_of))] AS others
    FROM staged_leads FINAL
    WHERE project = {project:String} AND startsWith(node, 'lead:') AND node IN (SELECT center FROM work_centers)
    UNION ALL
    SELECT concat('touch:', record_key) AS center, source, parseDateTime64BestEffortOrZero(JSONExtractString(record, 'at'), 3, 'UTC') AS created_at, '' AS visit, '' AS visit_code,
      lower(JSONExtractString(record, 'visitor')) AS visitor, '' AS order_id, '' AS ym_client_id, JSONExtract(record, 'phone_hashes', 'Array(String)') AS phone_hashes,
      JSONExtract(record, 'email_hashes', 'Array(String)') AS email_hashes, JSONExtractString(record, 'client_id') AS contact_id, CAST([], 'Array(String)') AS others
    FROM work_records WHERE entity = 'touch' AND NOT deleted
    UNION ALL
    SELECT concat('contact:', record_key) AS center, source, fetched_at AS created_at, '' AS visit, '' AS visit_code,
      lower(JSONExtractString(record, 'visitor')) AS visitor, '' AS order_id, JSONExtractString(record, 'ym_client_id') AS ym_client_id, JSONExtract(record, 'phone_hashes', 'Array(String)') AS phone_hashes,
      JSONExtract(record, 'email_hashes', 'Array(String)') AS email_hashes, JSONExtractString(record, 'merged_into') AS contact_id,
      [if(lower(JSONExtractString(record, 'user_id')) IN {idle_ids:Array(String)}, '', concat('user:', JSONExtractString(record, 'user_id')))] AS others
    FROM work_records WHERE entity = 'client' AND NOT deleted
  ),
  carried AS (
    SELECT key, visitor_id, min(first_at) AS carried_at
    FROM visit_keys
    WHERE project = {project:String} AND key IN (SELECT arrayJoin([concat('c:', visit_code), concat('v:', visit)]) FROM asked)
    GROUP BY key, visitor_id
  ),
  -- A visit code may be given out again after ten million visits: the newest visit that carried it before the deal is meant.
  by_code AS (
    SELECT a.center AS center, argMax(k.visitor_id, (k.carried_at, k.visitor_id)) AS visitor_id
    FROM asked AS a INNER JOIN carried AS k ON k.key = concat('c:', a.visit_code)
    WHERE k.carried_at <= a.created_at + INTERVAL 1 DAY
    GROUP BY a.center
  ),
  by_visit AS (
    SELECT a.center AS center, argMin(k.visitor_id, (k.carried_at, k.visitor_id)) AS visitor_id
    FROM asked AS a INNER JOIN carried AS k ON k.key = concat('v:', a.visit)
    GROUP BY a.center
  ),
  keys AS (
    SELECT center, concat('visitor:', toString(visitor_id)) AS node, 'visit_code' AS via, 1 AS rank FROM by_code
    UNION ALL
    SELECT center, concat('visitor:', toString(visitor_id)) AS node, 'visitor' AS via, 2 AS rank FROM by_visit
    UNION ALL
    SELECT center, key.1 AS node, key.2 AS via, key.3 AS rank
    FROM asked
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

-- One row is one of those deals, requests, touches and contact cards with what it says of its person.
CREATE OR REPLACE TABLE work_asked ENGINE = MergeTree ORDER BY center AS
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

-- One row is one request of a person among whose requests some may repeat others: told to, or taken down by the CRM beside what a browser or another source told.
WITH persons AS (
  SELECT client_id FROM work_told_leads GROUP BY client_id
  HAVING countIf(told_to_repeat != '') > 0 OR (countIf(kind = 'crm') > 0 AND countIf(kind != 'crm') > 0)
)
SELECT t.lead_id AS lead_id, t.client_id AS client_id, t.source AS source, t.kind AS kind, toString(toUnixTimestamp64Milli(t.created_at)) AS at_ms,
  if(lower(t.order_id) IN {idle_ids:Array(String)}, '', t.order_id) AS order_id, t.told_to_repeat AS told_to_repeat,
  if(d.deal_key = '', '', toString(toUnixTimestamp64Milli(d.created_at))) AS deal_before_ms
FROM (SELECT * FROM work_told_leads WHERE client_id IN (SELECT client_id FROM persons)) AS t
ASOF LEFT JOIN work_owned_deals AS d ON d.client_id = t.client_id AND d.created_at < t.created_at

-- One row is one request of one of those persons that its browser or source tells, and the request that it is told to repeat, if any.
CREATE OR REPLACE TABLE work_told_leads ENGINE = MergeTree ORDER BY lead_id AS
SELECT l.lead_id AS lead_id, l.source AS source, l.kind AS kind, l.created_at AS created_at, l.form_id AS form_id, l.request_page AS request_page, l.order_id AS order_id,
  l.deal_ref_key AS deal_ref_key, m.client_id AS client_id,
  -- The same order seen in two browsers of one person is one request: the first.
  first_value(l.lead_id) OVER (PARTITION BY m.client_id, l.kind = 'cart', if(lower(l.order_id) IN {idle_ids:Array(String)}, l.lead_id, l.order_id) ORDER BY l.created_at, l.lead_id) AS first_of_order,
  multiIf(l.duplicate_of != '', l.duplicate_of, l.kind = 'cart' AND first_of_order != l.lead_id, first_of_order, '') AS told_to_repeat
FROM (SELECT * FROM staged_leads FINAL WHERE project = {project:String} AND node IN (SELECT node FROM work_members)) AS l
INNER JOIN work_members AS m ON m.node = l.node

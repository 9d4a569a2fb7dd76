-- One row is one counting deal and the request it came of: the one that names it or that it names, else the order with its number,
-- else the newest form of the person that no earlier deal took, sent from 7 days before the deal to 5 minutes after. A deal without any is its own request.
CREATE OR REPLACE TABLE work_deal_leads ENGINE = MergeTree ORDER BY deal_key AS
WITH
  counting AS (SELECT * FROM work_leads WHERE duplicate_of = ''),
  leading AS (SELECT * FROM work_deals WHERE same_as = ''),
  named AS (
    SELECT d.deal_key AS deal_key, argMin(l.lead_id, (l.created_at, l.lead_id)) AS lead_id
    FROM leading AS d INNER JOIN counting AS l ON l.client_id = d.client_id
    WHERE l.deal_ref_key = d.deal_key OR (d.lead_id != '' AND l.lead_id = concat(d.deal_source, ':', d.lead_id))
    GROUP BY d.deal_key
  ),
  ordered AS (
    SELECT d.deal_key AS deal_key, argMin(l.lead_id, (l.created_at, l.lead_id)) AS lead_id
    FROM leading AS d INNER JOIN counting AS l ON l.client_id = d.client_id AND l.order_id = d.order_id
    WHERE l.kind = 'cart' AND d.order_id != '' AND d.deal_key NOT IN (SELECT deal_key FROM named)
    GROUP BY d.deal_key
  ),
  taken_forms AS (
    SELECT l.lead_id AS lead_id, l.created_at AS created_at, argMin(d.deal_key, (d.created_at, d.deal_key)) AS deal_key
    FROM leading AS d INNER JOIN counting AS l ON l.client_id = d.client_id
    WHERE l.kind = 'form' AND l.created_at <= d.created_at + INTERVAL 5 MINUTE AND l.created_at >= d.created_at - INTERVAL 7 DAY
      AND d.deal_key NOT IN (SELECT deal_key FROM named) AND d.deal_key NOT IN (SELECT deal_key FROM ordered)
      AND l.lead_id NOT IN (SELECT lead_id FROM named)
    GROUP BY l.lead_id, l.created_at
  ),
  formed AS (
    SELECT deal_key, argMax(lead_id, (created_at, lead_id)) AS lead_id FROM taken_forms GROUP BY deal_key
  ),
  linked AS (
    SELECT * FROM named UNION ALL SELECT * FROM ordered UNION ALL SELECT * FROM formed
  )
SELECT d.deal_key AS deal_key,
  if(k.lead_id = '', concat('deal:', d.deal_key), k.lead_id) AS lead_id,
  if(k.lead_id = '', d.created_at, l.created_at) AS lead_at,
  l.form_id AS form_id, l.request_page AS request_page
FROM leading AS d
LEFT JOIN linked AS k ON k.deal_key = d.deal_key
LEFT JOIN counting AS l ON l.lead_id = k.lead_id

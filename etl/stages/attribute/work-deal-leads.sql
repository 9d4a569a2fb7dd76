-- One row is one counting deal and the request it came of: the one that names it or that it names, else the order of its person with its number,
-- else the newest form of the person whose first deal without any of these it is, created from 5 minutes before the form to 7 days after. A deal without any is its own request.
CREATE OR REPLACE TABLE work_deal_leads ENGINE = MergeTree ORDER BY deal_key AS
WITH
  leading AS (SELECT deal_key, client_id, created_at FROM work_deals WHERE same_as = ''),
  counting AS (SELECT * FROM work_leads WHERE duplicate_of = ''),
  free_deals AS (
    SELECT l.client_id AS client_id, l.created_at AS created_at, min(l.deal_key) AS deal_key
    FROM leading AS l WHERE l.deal_key NOT IN (SELECT deal_key FROM work_named_leads)
    GROUP BY client_id, created_at
  ),
  free_forms AS (
    SELECT client_id, lead_id, created_at, created_at - INTERVAL 5 MINUTE AS not_before
    FROM counting WHERE kind = 'form' AND lead_id NOT IN (SELECT lead_id FROM work_named_leads)
  ),
  formed AS (
    SELECT d.deal_key AS deal_key, argMax(f.lead_id, (f.created_at, f.lead_id)) AS lead_id
    FROM free_forms AS f ASOF INNER JOIN free_deals AS d ON d.client_id = f.client_id AND f.not_before <= d.created_at
    WHERE d.created_at <= f.created_at + INTERVAL 7 DAY
    GROUP BY d.deal_key
  ),
  linked AS (SELECT * FROM work_named_leads UNION ALL SELECT * FROM formed)
SELECT d.deal_key AS deal_key,
  if(k.lead_id = '', concat('deal:', d.deal_key), k.lead_id) AS lead_id,
  if(k.lead_id = '', d.created_at, l.created_at) AS lead_at,
  l.form_id AS form_id, l.request_page AS request_page
FROM leading AS d
LEFT JOIN linked AS k ON k.deal_key = d.deal_key
LEFT JOIN counting AS l ON l.lead_id = k.lead_id

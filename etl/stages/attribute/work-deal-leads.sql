-- One row is one counting deal and the request it came of: the one that names it or that it names, else the order with its number,
-- else the newest form of the person whose first deal without any of these it is, created from 5 minutes before the form to 7 days after. A deal without any is its own request.
CREATE OR REPLACE TABLE work_deal_leads ENGINE = MergeTree ORDER BY deal_key AS
WITH
  -- What a deal that follows another knows counts for the one that leads.
  known AS (SELECT deal_key, if(same_as = '', deal_key, same_as) AS leader, concat(deal_source, ':', lead_id) AS asked_as, order_id FROM work_deals),
  leading AS (SELECT deal_key, client_id, created_at FROM work_deals WHERE same_as = ''),
  requests AS (SELECT lead_id, if(duplicate_of = '', lead_id, duplicate_of) AS counting_id, kind, order_id, deal_ref_key FROM work_leads),
  counting AS (SELECT * FROM work_leads WHERE duplicate_of = ''),
  links AS (
    SELECT k.leader AS deal_key, r.counting_id AS lead_id, 1 AS rank FROM known AS k INNER JOIN requests AS r ON r.deal_ref_key = k.deal_key
    UNION ALL
    SELECT k.leader AS deal_key, r.counting_id AS lead_id, 1 AS rank FROM known AS k INNER JOIN requests AS r ON r.lead_id = k.asked_as
    UNION ALL
    SELECT k.leader AS deal_key, r.counting_id AS lead_id, 2 AS rank FROM known AS k INNER JOIN requests AS r ON r.order_id = k.order_id
    WHERE r.kind = 'cart' AND lower(k.order_id) NOT IN {idle_ids:Array(String)}
  ),
  strong AS (
    SELECT l.deal_key AS deal_key, argMin(l.lead_id, (l.rank, c.created_at, l.lead_id)) AS lead_id
    FROM links AS l INNER JOIN counting AS c ON c.lead_id = l.lead_id
    GROUP BY l.deal_key
  ),
  free_deals AS (
    SELECT l.client_id AS client_id, l.created_at AS created_at, min(l.deal_key) AS deal_key
    FROM leading AS l WHERE l.deal_key NOT IN (SELECT deal_key FROM strong)
    GROUP BY client_id, created_at
  ),
  free_forms AS (
    SELECT client_id, lead_id, created_at, created_at - INTERVAL 5 MINUTE AS not_before
    FROM counting WHERE kind = 'form' AND lead_id NOT IN (SELECT lead_id FROM strong)
  ),
  formed AS (
    SELECT d.deal_key AS deal_key, argMax(f.lead_id, (f.created_at, f.lead_id)) AS lead_id
    FROM free_forms AS f ASOF INNER JOIN free_deals AS d ON d.client_id = f.client_id AND f.not_before <= d.created_at
    WHERE d.created_at <= f.created_at + INTERVAL 7 DAY
    GROUP BY d.deal_key
  ),
  linked AS (SELECT * FROM strong UNION ALL SELECT * FROM formed)
SELECT d.deal_key AS deal_key,
  if(k.lead_id = '', concat('deal:', d.deal_key), k.lead_id) AS lead_id,
  if(k.lead_id = '', d.created_at, l.created_at) AS lead_at,
  l.form_id AS form_id, l.request_page AS request_page
FROM leading AS d
LEFT JOIN linked AS k ON k.deal_key = d.deal_key
LEFT JOIN counting AS l ON l.lead_id = k.lead_id

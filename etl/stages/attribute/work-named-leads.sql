-- One row is one counting deal and the request that a key leads to: the one that names it or that it names, else the order of its person with its number.
CREATE OR REPLACE TABLE work_named_leads ENGINE = MergeTree ORDER BY deal_key AS
WITH
  -- What a deal that follows another knows counts for the one that leads.
  known AS (SELECT deal_key, if(same_as = '', deal_key, same_as) AS leader, concat(deal_source, ':', lead_id) AS asked_as, order_id, client_id FROM work_deals),
  requests AS (SELECT lead_id, if(duplicate_of = '', lead_id, duplicate_of) AS counting_id, kind, order_id, deal_ref_key, client_id FROM work_leads),
  counting AS (SELECT * FROM work_leads WHERE duplicate_of = ''),
  links AS (
    SELECT k.leader AS deal_key, r.counting_id AS lead_id, 1 AS rank FROM known AS k INNER JOIN requests AS r ON r.deal_ref_key = k.deal_key
    UNION ALL
    SELECT k.leader AS deal_key, r.counting_id AS lead_id, 1 AS rank FROM known AS k INNER JOIN requests AS r ON r.lead_id = k.asked_as
    UNION ALL
    SELECT k.leader AS deal_key, r.counting_id AS lead_id, 2 AS rank FROM known AS k INNER JOIN requests AS r ON r.order_id = k.order_id AND r.client_id = k.client_id
    WHERE r.kind = 'cart' AND lower(k.order_id) NOT IN {idle_ids:Array(String)}
  )
SELECT l.deal_key AS deal_key, argMin(l.lead_id, (l.rank, c.created_at, l.lead_id)) AS lead_id
FROM links AS l INNER JOIN counting AS c ON c.lead_id = l.lead_id
GROUP BY l.deal_key

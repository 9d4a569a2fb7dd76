-- One row is one instant that paths of this share of those persons lead to: a deal's request, or a request without a deal.
CREATE OR REPLACE TABLE work_paths ENGINE = Memory AS
SELECT concat('deal:', d.deal_key) AS path_id, d.client_id AS client_id, k.lead_at AS conversion_at
FROM work_deals AS d INNER JOIN work_deal_leads AS k ON k.deal_key = d.deal_key
WHERE cityHash64(d.client_id) % {chunks:UInt32} = {chunk:UInt32}
UNION ALL
SELECT concat('lead:', lead_id) AS path_id, client_id, created_at AS conversion_at
FROM work_leads
WHERE duplicate_of = '' AND lead_id NOT IN (SELECT lead_id FROM work_deal_leads) AND cityHash64(client_id) % {chunks:UInt32} = {chunk:UInt32}

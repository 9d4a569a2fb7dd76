-- One row is one deal that another one of the person stands for: the one it was merged into, or the one of a system that knows the same order and goes before.
CREATE OR REPLACE TABLE work_followers ENGINE = MergeTree ORDER BY deal_key AS
WITH heads AS (
  SELECT order_id, min(rank) AS best_rank, argMin(deal_key, (rank, created_at, deal_key)) AS head
  FROM work_owned_deals WHERE lower(order_id) NOT IN {idle_ids:Array(String)}
  GROUP BY order_id
)
SELECT o.deal_key AS deal_key, multiIf(t.deal_key != '', t.deal_key, h.head != '' AND o.rank > h.best_rank, h.head, '') AS leader
FROM work_owned_deals AS o
LEFT JOIN work_owned_deals AS t ON t.deal_key = concat(o.deal_source, ':', o.merged_into)
LEFT JOIN heads AS h ON h.order_id = o.order_id
WHERE leader NOT IN ('', o.deal_key)

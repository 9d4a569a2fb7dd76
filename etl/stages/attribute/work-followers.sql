-- One row is one deal of the person that another one stands for: the one it was merged into, the one of a system that knows the same order and goes
-- before, or the newest record of the same order in its own system. Deals of a CRM are no orders: two of one number both count. Of deals of one system
-- the earliest leads, but one that is lost only where all are, and one that is excluded only where nothing else is left.
CREATE OR REPLACE TABLE work_followers ENGINE = MergeTree ORDER BY deal_key AS
WITH
  numbered AS (
    SELECT * FROM work_owned_deals WHERE lower(order_id) NOT IN {idle_ids:Array(String)}
  ),
  heads AS (
    SELECT order_id, min(rank) AS best_rank, argMin(deal_key, (rank, indexOf(['lost', 'excluded'], toString(status_group)), created_at, deal_key)) AS head
    FROM numbered
    GROUP BY order_id
  ),
  newest AS (
    SELECT order_id, deal_source, rank, argMax(deal_key, (updated_at, deal_key)) AS record
    FROM numbered
    WHERE rank > 1 AND concat(deal_source, ':', merged_into) NOT IN (SELECT deal_key FROM work_owned_deals)
    GROUP BY order_id, deal_source, rank
  )
SELECT o.deal_key AS deal_key,
  multiIf(t.deal_key != '', t.deal_key, h.head != '' AND o.rank > h.best_rank, h.head, n.record) AS leader
FROM work_owned_deals AS o
LEFT JOIN work_owned_deals AS t ON t.deal_key = concat(o.deal_source, ':', o.merged_into)
LEFT JOIN heads AS h ON h.order_id = o.order_id
LEFT JOIN newest AS n ON n.order_id = o.order_id AND n.deal_source = o.deal_source AND n.rank = o.rank
WHERE leader NOT IN ('', o.deal_key)

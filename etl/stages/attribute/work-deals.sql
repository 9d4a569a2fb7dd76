-- One row is one deal of one of those persons: which key led to the person, and which deal leads when several systems know the order.
CREATE OR REPLACE TABLE work_deals ENGINE = MergeTree ORDER BY deal_key AS
WITH
  owned AS (
    SELECT d.*, m.client_id AS client_id, indexOf(['crm', 'shop', 'accounting'], toString(d.role)) AS rank
    FROM (SELECT * FROM staged_deals FINAL WHERE project = {project:String}) AS d
    INNER JOIN work_members AS m ON m.node = concat('deal:', d.deal_key)
  ),
  leaders AS (
    SELECT order_id AS shared_order_id, min(rank) AS best_rank, argMin(deal_key, (rank, created_at, deal_key)) AS leader
    FROM owned WHERE order_id NOT IN {idle_ids:Array(String)}
    GROUP BY shared_order_id
  ),
  browsers AS (
    SELECT DISTINCT client_id AS person FROM work_members WHERE startsWith(node, 'visitor:')
  ),
  seen_in_browser AS (
    SELECT DISTINCT node_b AS node FROM identity_edges FINAL
    WHERE project = {project:String} AND startsWith(node_a, 'visitor:') AND node_b IN (SELECT node FROM work_members)
  ),
  evidence AS (
    SELECT node_a AS center, arraySort(groupArray((indexOf(['visit_code', 'visitor', 'order', 'ym_client_id', 'phone', 'email', 'contact', 'deal'], via), via, node_b IN (SELECT node FROM seen_in_browser)))) AS keys
    FROM identity_edges FINAL
    WHERE project = {project:String} AND node_a IN (SELECT concat('deal:', deal_key) FROM owned) AND center = node_a
    GROUP BY node_a
  )
SELECT o.*,
  multiIf(o.merged_into != '', concat(o.deal_source, ':', o.merged_into), l.leader != '' AND o.rank > l.best_rank, l.leader, '') AS same_as,
  -- The strongest key that leads to a browser: an order number or ClientID only when a browser sent it, a contact when any browser of the person is known.
  if(b.person = '', 'none', ifNull(nullIf(arrayFirst(key -> key.2 NOT IN ('order', 'ym_client_id') OR key.3, e.keys).2, ''), 'none')) AS matched_by
FROM owned AS o
LEFT JOIN leaders AS l ON l.shared_order_id = o.order_id
LEFT JOIN browsers AS b ON b.person = o.client_id
LEFT JOIN evidence AS e ON e.center = concat('deal:', o.deal_key)

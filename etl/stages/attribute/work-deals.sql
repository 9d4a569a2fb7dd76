-- One row is one deal of one of those persons: which key led to the person, and which deal leads when several are one.
CREATE OR REPLACE TABLE work_deals ENGINE = MergeTree ORDER BY deal_key AS
WITH
  browsers AS (
    SELECT DISTINCT client_id AS person FROM work_members WHERE startsWith(node, 'visitor:') OR startsWith(node, 'visit:')
  ),
  seen_in_browser AS (
    SELECT DISTINCT node_a AS node FROM identity_edges FINAL
    WHERE project = {project:String} AND node_a IN (SELECT node FROM work_members WHERE startsWith(node, 'order:') OR startsWith(node, 'ym:')) AND match(center, '^(visitor|visit|event):')
  ),
  evidence AS (
    SELECT node_a AS center, arraySort(groupArray((indexOf(['visit_code', 'visitor', 'order', 'ym_client_id', 'phone', 'email', 'contact', 'deal'], via), via, node_b IN (SELECT node FROM seen_in_browser)))) AS keys
    FROM identity_edges FINAL
    WHERE project = {project:String} AND node_a IN (SELECT concat('deal:', deal_key) FROM work_owned_deals) AND center = node_a
      AND (node_a, node_b) NOT IN (SELECT node_a, node_b FROM work_cut_edges)
    GROUP BY node_a
  )
SELECT o.*, l.leader AS same_as,
  -- The strongest key that leads to a browser: an order number or ClientID only when a browser sent it, a contact when any browser of the person is known.
  if(b.person = '', 'none', ifNull(nullIf(arrayFirst(key -> key.2 NOT IN ('order', 'ym_client_id') OR key.3, e.keys).2, ''), 'none')) AS matched_by
FROM work_owned_deals AS o
LEFT JOIN (SELECT deal_key AS follower, leader FROM work_leaders) AS l ON l.follower = o.deal_key
LEFT JOIN browsers AS b ON b.person = o.client_id
LEFT JOIN evidence AS e ON e.center = concat('deal:', o.deal_key)

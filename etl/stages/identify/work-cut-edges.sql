-- One row is one end of one piece of evidence that joins nobody: records of more people than one has phones or e-mails that name one browser,
-- and browsers that tell of an order of which another told first. When that was is said by the collector: a browser may claim any time.
CREATE OR REPLACE TABLE work_cut_edges ENGINE = MergeTree ORDER BY (node_a, node_b) AS
WITH
  naming AS (
    SELECT DISTINCT node_a AS browser, node_b AS center FROM identity_edges FINAL
    WHERE project = {project:String} AND node_a IN (SELECT node FROM work_closure WHERE match(node, '^(visitor|visit):')) AND center = node_b
  ),
  -- A person may have several phones: each record counts with one.
  named AS (
    SELECT center, minIf(node_b, startsWith(node_b, 'phone:')) AS phone, minIf(node_b, startsWith(node_b, 'email:')) AS email
    FROM identity_edges FINAL
    WHERE project = {project:String} AND node_a IN (SELECT center FROM naming) AND center = node_a AND match(node_b, '^(phone|email):')
    GROUP BY center
  ),
  crowds AS (
    SELECT browser FROM naming INNER JOIN named USING (center)
    GROUP BY browser
    HAVING uniqExactIf(phone, phone != '') > {max_persons:UInt8} OR uniqExactIf(email, email != '') > {max_persons:UInt8}
  ),
  tellers AS (
    SELECT node_a AS order_node, node_b AS teller, toUUID(extract(node_b, '^[a-z]+:([^/]+)')) AS visitor_id
    FROM identity_edges FINAL
    WHERE project = {project:String} AND node_a IN (SELECT node FROM work_closure WHERE startsWith(node, 'order:')) AND center = node_b
      AND match(node_b, '^(visitor|visit|event):')
  ),
  contested AS (SELECT * FROM tellers WHERE order_node IN (SELECT order_node FROM tellers GROUP BY order_node HAVING uniqExact(visitor_id) > 1)),
  tellings AS (
    SELECT visitor_id, concat('order:', order_id) AS order_node, min((received_at, occurred_at)) AS told_at
    FROM raw_events
    WHERE project = {project:String} AND visitor_id IN (SELECT visitor_id FROM contested) AND type = 'purchase'
    GROUP BY visitor_id, order_node
  ),
  -- Whoever tells of orders by the dozen comes after all others.
  winners AS (
    SELECT c.order_node AS order_node, argMin(c.visitor_id, (startsWith(c.teller, 'event:'), t.told_at, c.visitor_id)) AS visitor_id
    FROM contested AS c INNER JOIN tellings AS t ON t.order_node = c.order_node AND t.visitor_id = c.visitor_id
    GROUP BY c.order_node
  ),
  cut AS (
    SELECT browser AS told, center FROM naming WHERE browser IN (SELECT browser FROM crowds)
    UNION ALL
    SELECT order_node AS told, teller AS center FROM contested WHERE (order_node, visitor_id) NOT IN (SELECT order_node, visitor_id FROM winners)
  )
SELECT arrayJoin([(told, center), (center, told)]) AS ends, ends.1 AS node_a, ends.2 AS node_b
FROM cut

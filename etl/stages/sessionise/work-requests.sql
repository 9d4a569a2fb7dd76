-- One row is one form sent (of those that the shop has for requests) or order made in the browser, and the request it repeats, if any:
-- the same form of the same browser, or in the same visit of one without a cookie, again within 60 minutes of the one that counts; a form followed within 60 minutes by an order, which is then the request; an order number already seen.
CREATE OR REPLACE TABLE work_requests ENGINE = Memory AS
WITH
  {request_gap_ms:Int64} AS gap_ms,
  requests AS (
    SELECT visitor_id, event_id, if(person_node = '', concat('visitor:', toString(visitor_id)), person_node) AS node, type, occurred_at, toUnixTimestamp64Milli(occurred_at) AS at_ms, form_id, form_page, order_id, page_host, page_path
    FROM work_events
    LEFT JOIN work_event_nodes ON telling_id = event_id
    INNER JOIN (SELECT user_agent, client_hints FROM user_agents FINAL WHERE NOT is_bot) AS people USING (user_agent, client_hints)
    WHERE type IN ('form_submit', 'purchase') AND NOT is_anonymous AND NOT (type = 'form_submit' AND {not_requests:String} != '' AND match(form_id, {not_requests:String}))
  ),
  sent AS (
    SELECT node, form_id, arraySort(groupArray((at_ms, toString(event_id)))) AS submits,
      -- Carries the submit that counts; each later one within the gap repeats it.
      arrayFold((carried, submit) -> if(submit.1 - carried.1 > gap_ms,
          (submit.1, submit.2, arrayPushBack(carried.3, '')),
          (carried.1, carried.2, arrayPushBack(carried.3, carried.2))),
        submits, (toInt64(-9000000000000), '', CAST([], 'Array(String)'))).3 AS repeats
    FROM requests WHERE type = 'form_submit'
    GROUP BY node, form_id
  ),
  repeated_forms AS (
    SELECT submit.2 AS event, arrayElement(repeats, number) AS repeats_event
    FROM sent ARRAY JOIN submits AS submit, arrayEnumerate(submits) AS number
  ),
  orders AS (
    SELECT node, at_ms, toString(event_id) AS event,
      first_value(event) OVER (PARTITION BY node, if(lower(order_id) IN {idle_ids:Array(String)}, event, order_id) ORDER BY at_ms, event) AS first_event
    FROM requests WHERE type = 'purchase'
  ),
  first_orders AS (
    SELECT node, arraySort(groupArray((at_ms, event))) AS orders FROM orders WHERE event = first_event GROUP BY node
  )
SELECT r.visitor_id AS visitor_id, concat('event:', toString(r.event_id)) AS lead_id, r.node AS node,
  if(r.type = 'purchase', 'cart', 'form') AS kind, r.occurred_at AS created_at, r.form_id AS form_id,
  if(r.form_page = '', r.page_path, r.form_page) AS request_page,
  if(lower(r.order_id) IN {idle_ids:Array(String)}, '', r.order_id) AS order_id,
  arrayFirst(order -> order.1 >= r.at_ms AND order.1 <= r.at_ms + gap_ms, o.orders).2 AS order_after,
  multiIf(
    r.type = 'form_submit' AND f.repeats_event != '', concat('event:', f.repeats_event),
    r.type = 'form_submit' AND order_after != '', concat('event:', order_after),
    r.type = 'purchase' AND p.first_event != toString(r.event_id), concat('event:', p.first_event), '') AS duplicate_of
FROM requests AS r
LEFT JOIN repeated_forms AS f ON f.event = toString(r.event_id)
LEFT JOIN first_orders AS o ON o.node = r.node
LEFT JOIN orders AS p ON p.event = toString(r.event_id)

-- One row is one of those browsers that is several people: it keeps no cookie, so that whoever has the same browser behind the same address is it too, for a day;
-- or it told of more phones, e-mails or accounts than one person has, of more ClientIDs in a day, or of more orders in a day or a month than one buyer makes.
-- All that ever came decides, not only the events that count: a browser that was several people stays so.
CREATE OR REPLACE TABLE work_shared ENGINE = Memory AS
WITH
  days AS (
    SELECT visitor_id, toDate(occurred_at) AS day, max(consent = 'cookieless') AS is_cookieless,
      groupUniqArrayIf(phone_hash, phone_hash != '') AS phones, groupUniqArrayIf(email_hash, email_hash != '') AS emails,
      groupUniqArrayIf(user_id, lower(user_id) NOT IN {idle_ids:Array(String)}) AS users,
      uniqExactIf(ym_client_id, lower(ym_client_id) NOT IN {idle_ids:Array(String)}) AS client_ids,
      uniqExactIf(order_id, type = 'purchase' AND lower(order_id) NOT IN {idle_ids:Array(String)}) AS orders
    FROM raw_events
    WHERE project = {project:String} AND visitor_id IN (SELECT visitor_id FROM work_visitors) AND consent != 'denied'
    GROUP BY visitor_id, day
  ),
  browsers AS (
    SELECT visitor_id, max(d.is_cookieless) AS is_cookieless,
      uniqExactArray(phones) > {max_persons:UInt8} OR uniqExactArray(emails) > {max_persons:UInt8} OR uniqExactArray(users) > {max_persons:UInt8}
        OR max(client_ids) > {max_persons:UInt8} OR max(orders) > {max_orders_a_day:UInt8}
        OR arrayMax(mapValues(sumMap(map(toYYYYMM(day), orders)))) > {max_orders_a_month:UInt8} AS is_crowd
    FROM days AS d
    GROUP BY visitor_id
  )
SELECT visitor_id, CAST(is_cookieless, 'Bool') AS is_cookieless FROM browsers WHERE is_cookieless OR is_crowd

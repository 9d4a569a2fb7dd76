-- One row is one money movement that changed or belongs to one of those deals, with the deal that leads it: the deal it names, else the one that leads its order number.
-- All that a system tells of one order, under several ids or one, is one story: of a document told within it twice, or within orders and by itself, the newest counts;
-- what was told within the order is gone when it was told whole later, or at the same instant, without it; of what is implied the newest counts, and none beside a document.
CREATE OR REPLACE TABLE work_payments ENGINE = MergeTree ORDER BY payment_key AS
WITH
  leading AS (
    SELECT deal_key, if(same_as = '', deal_key, same_as) AS leader, deal_source, order_id, rank, status_group, created_at, client_id, listed_at, listed_payments,
      if(rank > 1 AND lower(order_id) NOT IN {idle_ids:Array(String)}, concat('order:', order_id), concat('deal:', deal_key)) AS paid_order
    FROM work_deals
  ),
  listings AS (
    SELECT deal_source, paid_order, max(listed_at) AS at, argMax(listed_payments, (listed_at, deal_key)) AS payment_ids
    FROM leading GROUP BY deal_source, paid_order
  ),
  by_order AS (
    SELECT order_id, argMin(leader, (rank, indexOf(['lost', 'excluded'], toString(status_group)), created_at, deal_key)) AS leader
    FROM leading WHERE lower(order_id) NOT IN {idle_ids:Array(String)} GROUP BY order_id
  ),
  concerned AS (
    SELECT * FROM staged_payments FINAL
    WHERE project = {project:String} AND (
      payment_key IN (SELECT record_key FROM work_records WHERE entity = 'payment')
      OR deal_ref_key IN (SELECT deal_key FROM leading)
      OR deal_ref_key IN (SELECT deal_ref_key FROM staged_payments WHERE project = {project:String} AND deal_ref_key != '' AND payment_key IN (SELECT record_key FROM work_records WHERE entity = 'payment'))
      OR order_id IN (SELECT order_id FROM by_order)
      OR payment_key IN (SELECT payment_key FROM payments FINAL WHERE project = {project:String} AND client_id IN (SELECT client_id FROM work_clients)))
  ),
  -- A payment that names a deal of a person not concerned stays with that deal, whatever its order number says.
  elsewhere AS (
    SELECT deal_key FROM staged_deals FINAL
    WHERE project = {project:String} AND deal_key IN (SELECT deal_ref_key FROM concerned) AND deal_key NOT IN (SELECT deal_key FROM leading)
  ),
  found AS (
    SELECT c.*, if(r.leader = '', n.leader, r.leader) AS deal_key,
      multiIf(
        r.paid_order != '', r.paid_order,
        c.deal_ref_key = '' AND n.leader != '', concat('order:', c.order_id),
        concat('deal:', c.deal_ref_key)) AS paid_order
    FROM concerned AS c
    LEFT JOIN leading AS r ON r.deal_key = c.deal_ref_key
    LEFT JOIN by_order AS n ON n.order_id = c.order_id
    WHERE c.deal_ref_key NOT IN (SELECT deal_key FROM elsewhere)
  ),
  told AS (
    SELECT f.*, l.at AS listed_at, l.payment_ids AS listed_payments,
      if(part_of = '', payment_id, part_of) AS whole,
      argMax(part_of != '', (told_at, part_of != '')) OVER (PARTITION BY payment_source, whole) AS in_parts,
      argMax(payment_id, (told_at, payment_id)) OVER (PARTITION BY payment_source, whole, f.paid_order) AS newest
    FROM found AS f
    LEFT JOIN listings AS l ON l.deal_source = f.payment_source AND l.paid_order = f.paid_order
  ),
  judged AS (
    SELECT *,
      countIf(NOT implied AND NOT cancelled AND amount > 0) OVER (PARTITION BY payment_source, paid_order) AS documents,
      row_number() OVER (PARTITION BY payment_source, paid_order, implied ORDER BY told_at DESC, payment_key DESC) AS number
    FROM told
    WHERE (part_of != '') = in_parts AND payment_id = newest
      AND (has(listed_payments, payment_id) OR NOT ((part_of != '' AND told_at <= listed_at) OR (implied AND told_at < listed_at)))
  )
SELECT f.project AS project, f.payment_key AS payment_key, f.payment_source AS payment_source, f.payment_id AS payment_id, f.paid_at AS paid_at, f.amount AS amount,
  f.currency AS currency, f.amount_base AS amount_base, f.payment_method AS payment_method, f.document AS document, f.deal_key AS deal_key, d.client_id AS client_id
FROM judged AS f
LEFT JOIN leading AS d ON d.deal_key = f.deal_key
WHERE NOT f.cancelled AND (NOT f.implied OR (f.documents = 0 AND f.number = 1))

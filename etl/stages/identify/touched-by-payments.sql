-- One row is one deal or order number that a payment names or belonged to, when the payment changed or the deal that it names did.
INSERT INTO work_touched
WITH changed AS (
  SELECT record_key AS payment_key FROM work_records WHERE entity = 'payment'
  UNION DISTINCT
  SELECT payment_key FROM staged_payments
  WHERE project = {project:String} AND deal_ref_key IN (SELECT record_key FROM work_records WHERE entity = 'deal')
)
SELECT concat('deal:', deal_ref_key) AS node FROM staged_payments
WHERE project = {project:String} AND payment_key IN (SELECT payment_key FROM changed) AND deal_ref_key IN (SELECT deal_key FROM staged_deals WHERE project = {project:String})
UNION DISTINCT
SELECT concat('order:', order_id) FROM staged_payments
WHERE project = {project:String} AND payment_key IN (SELECT payment_key FROM changed) AND concat('order:', order_id) IN (SELECT node FROM identity_links WHERE project = {project:String})
UNION DISTINCT
SELECT concat('deal:', deal_key) FROM payments FINAL
WHERE project = {project:String} AND payment_key IN (SELECT payment_key FROM changed) AND deal_key != ''

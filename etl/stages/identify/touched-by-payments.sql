-- One row is one deal or order number that a changed payment names or named.
INSERT INTO work_touched
WITH changed AS (SELECT record_key FROM work_records WHERE entity = 'payment')
SELECT concat('deal:', deal_ref_key) AS node FROM staged_payments
WHERE project = {project:String} AND payment_key IN (SELECT record_key FROM changed) AND deal_ref_key IN (SELECT deal_key FROM staged_deals WHERE project = {project:String})
UNION DISTINCT
SELECT concat('order:', order_id) FROM staged_payments
WHERE project = {project:String} AND payment_key IN (SELECT record_key FROM changed) AND concat('order:', order_id) IN (SELECT node FROM identity_links WHERE project = {project:String})
UNION DISTINCT
SELECT concat('deal:', deal_key) FROM payments FINAL
WHERE project = {project:String} AND payment_key IN (SELECT record_key FROM changed) AND deal_key != ''

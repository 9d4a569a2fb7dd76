-- One row is one dated, signed money movement with what reports ask of its deal; cancelled ones are marked gone.
INSERT INTO payments
SELECT p.*, d.status_group AS deal_group, if(p.deal_key = '', p.paid_at, d.created_at) AS deal_at,
  multiIf(p.deal_key = '', p.paid_at, k.deal_key = '', d.created_at, k.lead_at) AS lead_at,
  p.deal_key != '' AND isNotNull(d.cogs) AS cost_known, {run_no:UInt64} AS run_no, toUInt8(0) AS is_deleted
FROM work_payments AS p
LEFT JOIN (SELECT deal_key, status_group, created_at, cogs FROM work_deals) AS d ON d.deal_key = p.deal_key
LEFT JOIN (SELECT deal_key, lead_at FROM work_deal_leads) AS k ON k.deal_key = p.deal_key
UNION ALL
SELECT * REPLACE ({run_no:UInt64} AS run_no, toUInt8(1) AS is_deleted)
FROM payments FINAL
WHERE project = {project:String}
  AND (payment_key IN (SELECT record_key FROM work_records WHERE entity = 'payment') OR client_id IN (SELECT client_id FROM work_clients)
    OR payment_key IN (SELECT payment_key FROM staged_payments FINAL WHERE project = {project:String} AND deal_ref_key IN (SELECT deal_key FROM work_deals)))
  AND payment_key NOT IN (SELECT payment_key FROM work_payments)

-- One row is one dated, signed money movement and the deal it belongs to; cancelled ones are marked gone.
INSERT INTO payments
SELECT *, {run_no:UInt64} AS run_no, toUInt8(0) AS is_deleted
FROM work_payments
UNION ALL
SELECT * REPLACE ({run_no:UInt64} AS run_no, toUInt8(1) AS is_deleted)
FROM payments FINAL
WHERE project = {project:String}
  AND (payment_key IN (SELECT record_key FROM work_records WHERE entity = 'payment') OR client_id IN (SELECT client_id FROM work_clients))
  AND payment_key NOT IN (SELECT payment_key FROM work_payments)

-- One row is one payment of an order whose sum nobody told: it is shown, not counted as nothing.
INSERT INTO rejected (project, rejected_id, rejected_at, source, entity, reason, place, detail, payload, batch)
SELECT {project:String}, concat('no_sum:', r.record_key), r.fetched_at, r.source, 'payment', 'no_sum', r.record_key,
  concat('The order ', JSONExtractString(r.record, 'deal_id'), ' is told to be paid, but its sum is not known: send the order itself.'), '', ''
FROM work_records AS r INNER JOIN work_order_sums AS sums ON sums.record_key = r.record_key
WHERE r.entity = 'payment' AND sums.amount = 0 AND r.record_key NOT IN (SELECT record_key FROM work_documented)

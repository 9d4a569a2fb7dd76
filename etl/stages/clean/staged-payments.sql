-- One row is one money movement as its source tells it now. One of which it says that it did not take place, or nobody how large it is, is kept as cancelled:
-- it outdates what was told of the same money before.
INSERT INTO staged_payments
SELECT {project:String} AS project, r.record_key AS payment_key, r.source AS payment_source, r.record_id AS payment_id,
  parseDateTime64BestEffortOrZero(JSONExtractString(record, 'paid_at'), 3, 'UTC') AS paid_at,
  if(JSONHas(record, 'amount'), toDecimal64OrZero(JSONExtractString(record, 'amount'), 6), sums.amount) AS amount,
  rates.currency AS currency,
  CAST(round(toDecimal128(amount, 6) * rates.rate, 2), 'Decimal(18, 6)') AS amount_base,
  JSONExtractString(record, 'method') AS payment_method,
  JSONExtractString(record, 'document') AS document,
  if(JSONExtractString(record, 'deal_id') = '', '',
    concat(if(JSONExtractString(record, 'deal_source') = '', r.source, JSONExtractString(record, 'deal_source')), ':', JSONExtractString(record, 'deal_id'))) AS deal_ref_key,
  JSONExtractString(record, 'order_id') AS order_id,
  JSONExtractBool(record, 'implied') AS implied,
  JSONExtractString(record, 'part_of') AS part_of,
  JSONExtractBool(record, 'cancelled') OR (sums.record_key != '' AND sums.amount = 0) AS cancelled,
  r.version_at AS told_at,
  {run_no:UInt64} AS run_no,
  toUInt8(r.deleted OR NOT (JSONExtractBool(record, 'cancelled') OR ifNull(rates.known, 0))) AS is_deleted
FROM work_records AS r
LEFT JOIN work_rates AS rates ON rates.entity = 'payment' AND rates.record_key = r.record_key
LEFT JOIN work_order_sums AS sums ON sums.record_key = r.record_key
WHERE r.entity = 'payment'

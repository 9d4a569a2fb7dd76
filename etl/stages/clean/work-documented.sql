-- One row is one payment that an order implies and whose sum need not be known, because a movement of the same source pays the order.
CREATE OR REPLACE TABLE work_documented ENGINE = MergeTree ORDER BY record_key AS
WITH
  implied AS (
    SELECT record_key, source, concat(source, ':', JSONExtractString(record, 'deal_id')) AS deal_key
    FROM work_records
    WHERE entity = 'payment' AND NOT deleted AND JSONExtractBool(record, 'implied')
  ),
  documents AS (
    SELECT payment_source AS source, deal_ref_key AS deal_key
    FROM staged_payments FINAL
    WHERE project = {project:String} AND deal_ref_key IN (SELECT deal_key FROM implied) AND amount > 0 AND NOT cancelled
      AND payment_key NOT IN (SELECT record_key FROM work_records WHERE entity = 'payment')
    UNION ALL
    SELECT r.source, concat(r.source, ':', JSONExtractString(record, 'deal_id'))
    FROM work_records AS r INNER JOIN work_rates AS rates ON rates.entity = 'payment' AND rates.record_key = r.record_key
    WHERE r.entity = 'payment' AND rates.known AND NOT JSONExtractBool(record, 'cancelled') AND NOT JSONExtractBool(record, 'implied')
      AND JSONExtractString(record, 'deal_source') IN ('', r.source) AND toDecimal64OrZero(JSONExtractString(record, 'amount'), 6) > 0
  )
SELECT record_key FROM implied
WHERE (source, deal_key) IN (SELECT source, deal_key FROM documents)

-- One row is one payment that an order implies without saying how large it is, with the sum of that order; 0 when the order is not known.
CREATE OR REPLACE TABLE work_order_sums ENGINE = MergeTree ORDER BY record_key AS
WITH
  implied AS (
    SELECT record_key, concat(source, ':', JSONExtractString(record, 'deal_id')) AS deal_key
    FROM work_records
    WHERE entity = 'payment' AND NOT deleted AND JSONExtractBool(record, 'implied') AND NOT JSONHas(record, 'amount')
  ),
  orders AS (
    SELECT record_key AS deal_key, toDecimal64OrZero(JSONExtractString(record, 'amount'), 6) AS amount, JSONExtractString(record, 'currency') AS currency
    FROM work_records WHERE entity = 'deal'
    UNION ALL
    SELECT deal_key, amount, toString(currency) FROM (
      SELECT deal_key, amount, currency FROM staged_deals
      WHERE project = {project:String} AND deal_key IN (SELECT deal_key FROM implied) AND deal_key NOT IN (SELECT record_key FROM work_records WHERE entity = 'deal')
      ORDER BY run_no DESC LIMIT 1 BY deal_key
    )
  )
SELECT i.record_key AS record_key, o.amount AS amount, o.currency AS currency
FROM implied AS i LEFT JOIN orders AS o ON o.deal_key = i.deal_key

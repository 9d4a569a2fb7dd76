-- One row is one payment that was told within its order and is gone: the order was told again later with its payments, and it was not among them.
CREATE OR REPLACE TABLE work_vanished ENGINE = MergeTree ORDER BY record_key AS
WITH
  attached AS (
    SELECT record_key, toString(source) AS order_source, JSONExtractString(record, 'deal_id') AS order_id, version_at
    FROM work_records
    WHERE entity = 'payment' AND NOT deleted AND JSONExtractBool(record, 'attached')
  ),
  listings AS (
    SELECT toString(source) AS order_source, record_id AS order_id, max(version_at) AS listed_at
    FROM raw_records
    WHERE project = {project:String} AND entity = 'deal' AND (source, record_id) IN (SELECT order_source, order_id FROM attached)
      AND JSONExtractBool(record, 'lists_payments')
    GROUP BY order_source, order_id
  )
SELECT a.record_key AS record_key
FROM attached AS a INNER JOIN listings AS l ON l.order_source = a.order_source AND l.order_id = a.order_id
WHERE l.listed_at > a.version_at

-- One row is one line of a deal that changed; lines that are no longer there are marked gone.
INSERT INTO deal_items
WITH lines AS (
  SELECT record_key AS deal_key, toUInt32(number) AS line_no, line
  FROM work_records
  ARRAY JOIN JSONExtractArrayRaw(record, 'items') AS line, arrayEnumerate(JSONExtractArrayRaw(record, 'items')) AS number
  WHERE entity = 'deal' AND NOT deleted
)
SELECT {project:String} AS project, deal_key, line_no,
  JSONExtractString(line, 'product_id') AS product_id,
  JSONExtractString(line, 'name') AS name,
  if(JSONHas(line, 'quantity'), toDecimal64OrZero(JSONExtractString(line, 'quantity'), 6), toDecimal64(1, 6)) AS quantity,
  toDecimal64OrZero(JSONExtractString(line, 'price'), 6) AS price,
  toDecimal64OrNull(JSONExtractString(line, 'cogs'), 6) AS cogs,
  JSONExtractString(line, 'category') AS category,
  {run_no:UInt64} AS run_no,
  toUInt8(0) AS is_deleted
FROM lines
UNION ALL
SELECT * REPLACE ({run_no:UInt64} AS run_no, toUInt8(1) AS is_deleted)
FROM deal_items FINAL
WHERE project = {project:String}
  AND deal_key IN (SELECT record_key FROM work_records WHERE entity = 'deal')
  AND (deal_key, line_no) NOT IN (SELECT deal_key, line_no FROM lines)

-- One row is one record with an amount and what one unit of its currency is worth in the project's on its local day, the first one of a cost;
-- `known` is 0 when no rate is known on or before that day.
CREATE OR REPLACE TABLE work_rates ENGINE = MergeTree ORDER BY (entity, record_key) AS
WITH priced AS (
  SELECT entity, record_key, source, fetched_at,
    multiIf(
      JSONExtractString(record, 'currency') != '', JSONExtractString(record, 'currency'),
      entity = 'payment' AND sums.currency != '', sums.currency,
      {currency:String}) AS currency,
    if(entity = 'cost', toDateOrZero(JSONExtractString(record, 'date')),
      toDate(parseDateTime64BestEffortOrZero(JSONExtractString(record, if(entity = 'deal', 'created_at', 'paid_at')), 3, 'UTC'), {timezone:String})) AS day
  FROM work_records LEFT JOIN (SELECT record_key, currency FROM work_order_sums) AS sums USING record_key
  WHERE entity IN ('deal', 'payment', 'cost') AND NOT deleted AND NOT JSONExtractBool(record, 'cancelled')
),
rates AS (
  SELECT currency, date, rate FROM currency_rates FINAL WHERE project = {project:String}
)
SELECT priced.entity AS entity, priced.record_key AS record_key, priced.source AS source, priced.fetched_at AS fetched_at, priced.currency AS currency, priced.day AS day,
  if(priced.currency = {currency:String}, toDecimal64(1, 6), rates.rate) AS rate,
  rate != 0 AS known
FROM priced
ASOF LEFT JOIN rates ON priced.currency = rates.currency AND priced.day >= rates.date

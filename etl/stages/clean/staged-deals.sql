-- One row is one deal as its source tells it now.
INSERT INTO staged_deals
SELECT {project:String} AS project, r.record_key AS deal_key, r.source AS deal_source, r.record_id AS deal_id,
  if(JSONExtractString(record, 'role') = '', 'crm', JSONExtractString(record, 'role')) AS role,
  JSONExtractString(record, 'order_id') AS order_id,
  parseDateTime64BestEffortOrZero(JSONExtractString(record, 'created_at'), 3, 'UTC') AS created_at,
  r.version_at AS updated_at,
  parseDateTime64BestEffortOrNull(JSONExtractString(record, 'closed_at'), 3, 'UTC') AS closed_at,
  toDecimal64OrZero(JSONExtractString(record, 'amount'), 6) AS amount,
  rates.currency AS currency,
  CAST(round(toDecimal128(amount, 6) * rates.rate, 2), 'Decimal(18, 6)') AS amount_base,
  multiIf(
    mapContains({status_groups:Map(String, String)}, JSONExtractString(record, 'stage')), {status_groups:Map(String, String)}[JSONExtractString(record, 'stage')],
    mapContains({status_groups:Map(String, String)}, JSONExtractString(record, 'status_name')), {status_groups:Map(String, String)}[JSONExtractString(record, 'status_name')],
    JSONExtractString(record, 'status')) AS status_group,
  if(JSONExtractString(record, 'stage') = '', JSONExtractString(record, 'status'), JSONExtractString(record, 'stage')) AS status,
  JSONExtractString(record, 'status_name') AS status_name,
  JSONExtractString(record, 'lost_reason') AS loss_reason,
  JSONExtractString(record, 'manager') AS manager,
  JSONExtractString(record, 'pipeline') AS pipeline,
  toDecimal64OrNull(JSONExtractString(record, 'cogs'), 6) AS cogs,
  toDecimal64OrNull(JSONExtractString(record, 'delivery_cost'), 6) AS delivery_cost,
  JSONExtract(record, 'fields', 'Map(String, String)') AS fields,
  lower(JSONExtractString(record, 'visit')) AS visit,
  JSONExtractString(record, 'visit_code') AS visit_code,
  lower(JSONExtractString(record, 'visitor')) AS visitor,
  JSONExtractString(record, 'ym_client_id') AS ym_client_id,
  JSONExtract(record, 'phone_hashes', 'Array(String)') AS phone_hashes,
  JSONExtract(record, 'email_hashes', 'Array(String)') AS email_hashes,
  JSONExtractString(record, 'client_id') AS contact_id,
  JSONExtractString(record, 'lead_id') AS lead_id,
  JSONExtractString(record, 'merged_into') AS merged_into,
  rates.rate AS rate,
  {run_no:UInt64} AS run_no,
  toUInt8(r.deleted OR NOT ifNull(rates.known, 0)) AS is_deleted
FROM work_records AS r
LEFT JOIN work_rates AS rates ON rates.entity = 'deal' AND rates.record_key = r.record_key
WHERE r.entity = 'deal'

-- One row is one request as its source tells it now.
INSERT INTO staged_leads
SELECT {project:String} AS project, record_key AS lead_id, concat('lead:', record_key) AS node, source,
  JSONExtractString(record, 'kind') AS kind,
  parseDateTime64BestEffortOrZero(JSONExtractString(record, 'created_at'), 3, 'UTC') AS created_at,
  JSONExtractString(record, 'form_id') AS form_id,
  JSONExtractString(record, 'page') AS request_page,
  JSONExtractString(record, 'order_id') AS order_id,
  if(JSONExtractString(record, 'deal_id') = '', '', concat(source, ':', JSONExtractString(record, 'deal_id'))) AS deal_ref_key,
  lower(JSONExtractString(record, 'visit')) AS visit,
  JSONExtractString(record, 'visit_code') AS visit_code,
  lower(JSONExtractString(record, 'visitor')) AS visitor,
  JSONExtractString(record, 'ym_client_id') AS ym_client_id,
  JSONExtract(record, 'phone_hashes', 'Array(String)') AS phone_hashes,
  JSONExtract(record, 'email_hashes', 'Array(String)') AS email_hashes,
  JSONExtractString(record, 'client_id') AS contact_id,
  if(JSONExtractString(record, 'duplicate_of') = '', '', concat(source, ':', JSONExtractString(record, 'duplicate_of'))) AS duplicate_of,
  {run_no:UInt64} AS run_no,
  toUInt8(deleted) AS is_deleted
FROM work_records
WHERE entity = 'lead'

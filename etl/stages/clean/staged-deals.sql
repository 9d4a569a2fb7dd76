-- One row is one deal as its source tells it now.
INSERT INTO staged_deals
WITH
  said AS (
    SELECT record_key, version_at, JSONExtractString(record, 'stage') AS stage, JSONExtractString(record, 'status_name') AS name,
      multiIf(
        mapContains({status_groups:Map(String, String)}, stage), {status_groups:Map(String, String)}[stage],
        mapContains({status_groups:Map(String, String)}, name), {status_groups:Map(String, String)}[name],
        JSONExtractString(record, 'status')) AS status_group,
      parseDateTime64BestEffortOrNull(JSONExtractString(record, 'closed_at'), 3, 'UTC') AS closed_at
    FROM work_records WHERE entity = 'deal'
  ),
  history AS (
    SELECT deal_key, arraySort(groupArray((entered_at, length(stage_key), stage_key, status, status_group))) AS steps
    FROM deal_stages FINAL
    WHERE project = {project:String} AND deal_key IN (SELECT record_key FROM said)
    GROUP BY deal_key
  ),
  -- A deal ended when the last unbroken run of steps of its group began. Its own stage is of its group, by whatever name the step knows it.
  own AS (
    SELECT s.record_key AS record_key, s.version_at AS version_at, s.stage AS stage, s.name AS name, s.status_group AS status_group,
      arrayLastIndex(step -> step.4 != s.stage AND step.5 != s.status_group, h.steps) AS steps_before,
      multiIf(
        s.status_group NOT IN ('won', 'lost'), NULL,
        steps_before < length(h.steps), least(ifNull(s.closed_at, h.steps[steps_before + 1].1), h.steps[steps_before + 1].1),
        s.closed_at) AS closed_at
    FROM said AS s LEFT JOIN history AS h ON h.deal_key = s.record_key
  ),
  -- 1C sends a changed order whole: in its newest such version stand all its payments. A later answer about its status lists none.
  listings AS (
    SELECT concat(source, ':', record_id) AS deal_key, max(version_at) AS at,
      argMax(JSONExtract(record, 'lists_payments', 'Array(String)'), (version_at, fetched_at, record_version)) AS payment_ids
    FROM raw_records
    WHERE project = {project:String} AND entity = 'deal' AND JSONHas(record, 'lists_payments') AND (source, record_id) IN (
      SELECT source, record_id FROM work_records WHERE entity = 'deal' AND JSONExtractString(record, 'role') = 'accounting')
    GROUP BY deal_key
  ),
  -- Statuses that were told without the deal.
  steps AS (
    SELECT deal_key, told_at, entered_at, toString(status) AS stage, toString(status_name) AS name, toString(status_group) AS status_group
    FROM deal_stages FINAL
    WHERE project = {project:String} AND tells_deal AND deal_key IN (SELECT record_key FROM own)
  ),
  newer AS (
    SELECT s.deal_key AS deal_key, arraySort(groupArray((s.told_at, s.entered_at, s.stage, s.name, s.status_group))) AS steps
    FROM steps AS s INNER JOIN own AS o ON o.record_key = s.deal_key
    WHERE s.told_at >= o.version_at
    GROUP BY s.deal_key
  ),
  -- One after another they change what the deal said itself. One without a stage names the group alone; when that is open it takes back an end.
  now AS (
    SELECT o.record_key AS deal_key, if(empty(n.steps), o.version_at, n.steps[-1].1) AS told_at,
      arrayFold(
        (known, step) -> (
          if(step.3 = '', known.1, step.3),
          if(step.3 = '', known.2, step.4),
          if(step.3 = '' AND step.5 = 'open' AND known.3 = 'won', known.3, step.5) AS next_group,
          multiIf(
            next_group NOT IN ('won', 'lost'), NULL,
            next_group = known.3 AND (step.3 = '' OR step.3 = known.1), least(ifNull(known.4, step.2), step.2),
            step.2)),
        n.steps,
        CAST((o.stage, o.name, o.status_group, o.closed_at), 'Tuple(String, String, String, Nullable(DateTime64(3, ''UTC'')))')) AS status
    FROM own AS o LEFT JOIN newer AS n ON n.deal_key = o.record_key
  )
SELECT {project:String} AS project, r.record_key AS deal_key, r.source AS deal_source, r.record_id AS deal_id,
  if(JSONExtractString(record, 'role') = '', 'crm', JSONExtractString(record, 'role')) AS role,
  JSONExtractString(record, 'order_id') AS order_id,
  parseDateTime64BestEffortOrZero(JSONExtractString(record, 'created_at'), 3, 'UTC') AS created_at,
  now.told_at AS updated_at,
  now.status.4 AS closed_at,
  toDecimal64OrZero(JSONExtractString(record, 'amount'), 6) AS amount,
  rates.currency AS currency,
  CAST(round(toDecimal128(amount, 6) * rates.rate, 2), 'Decimal(18, 6)') AS amount_base,
  now.status.3 AS status_group,
  if(now.status.1 = '', now.status.3, now.status.1) AS status,
  now.status.2 AS status_name,
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
  listings.at AS listed_at,
  listings.payment_ids AS listed_payments,
  rates.rate AS rate,
  {run_no:UInt64} AS run_no,
  toUInt8(r.deleted OR NOT ifNull(rates.known, 0)) AS is_deleted
FROM work_records AS r
LEFT JOIN work_rates AS rates ON rates.entity = 'deal' AND rates.record_key = r.record_key
LEFT JOIN listings ON listings.deal_key = r.record_key
LEFT JOIN now ON now.deal_key = r.record_key
WHERE r.entity = 'deal'

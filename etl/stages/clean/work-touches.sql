-- One row is one imported touch in its newest version, with its tag.
CREATE OR REPLACE TABLE work_touches ENGINE = MergeTree ORDER BY record_key AS
SELECT record_key, concat('touch:', record_key) AS node,
  parseDateTime64BestEffortOrZero(JSONExtractString(record, 'at'), 3, 'UTC') AS touched_at,
  JSONExtractString(record, 'kind') AS touch_kind,
  JSONExtractString(record, 'platform') AS platform,
  JSONExtractString(record, 'utm_source') AS utm_source,
  -- An untagged call is a call and an untagged shop visit is offline; anything else without a tag is not known.
  if(JSONExtractString(record, 'utm_medium') = '' AND utm_source = '', multiIf(touch_kind = 'call', 'call', touch_kind = 'offline', 'offline', touch_kind = 'email', 'email', touch_kind = 'chat', 'messenger', '(not set)'),
    JSONExtractString(record, 'utm_medium')) AS utm_medium,
  JSONExtractString(record, 'utm_campaign') AS campaign,
  JSONExtractString(record, 'campaign_id') AS campaign_id,
  JSONExtractString(record, 'utm_content') AS content,
  JSONExtractString(record, 'utm_term') AS term,
  cityHash64(lower(trimBoth(utm_source)), lower(trimBoth(utm_medium)), lower(trimBoth(campaign)), '', '') AS signature
FROM work_records
WHERE entity = 'touch' AND NOT deleted

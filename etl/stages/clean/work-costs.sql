-- One row is one day of one cost record, its tag decided: utm marks of the row, else the tag of its ad platform, else the name of its source.
CREATE OR REPLACE TABLE work_costs ENGINE = MergeTree ORDER BY cost_key AS
WITH
  spends AS (
    SELECT r.record_key AS record_key, r.source AS cost_source, r.record AS record, r.version_at AS version_at, priced.currency AS currency,
      toDateOrZero(JSONExtractString(record, 'date')) AS first_day,
      if(JSONHas(record, 'to_date'), toDateOrZero(JSONExtractString(record, 'to_date')), first_day) AS last_day,
      toUInt32(dateDiff('day', first_day, last_day) + 1) AS days,
      toDecimal64OrZero(JSONExtractString(record, 'cost'), 6) AS cost,
      if(JSONExtractString(record, 'platform') = '' AND mapContains({platform_sources:Map(String, String)}, cost_source), cost_source, JSONExtractString(record, 'platform')) AS platform
    FROM work_records AS r
    INNER JOIN work_rates AS priced ON priced.entity = 'cost' AND priced.record_key = r.record_key
    WHERE r.entity = 'cost' AND NOT r.deleted AND priced.known
  ),
  daily AS (
    SELECT *, day_no, addDays(first_day, day_no) AS date,
      toInt64(truncate(cost * 100)) AS cost_kopecks,
      -- Whole kopecks evenly, what is left over to the first days; anything below a kopeck stays on the first.
      intDiv(cost_kopecks, days) + if(day_no < abs(cost_kopecks % days), sign(cost_kopecks), 0) AS share_kopecks,
      if(days = 1, cost, toDecimal64(share_kopecks, 6) / 100 + if(day_no = 0, cost - toDecimal64(cost_kopecks, 6) / 100, toDecimal64(0, 6))) AS day_cost
    FROM spends
    ARRAY JOIN range(days) AS day_no
  ),
  rates AS (
    SELECT currency AS rate_currency, date AS rate_day, rate FROM currency_rates FINAL WHERE project = {project:String}
  ),
  taxed AS (
    SELECT daily.*, if(currency = {currency:String}, toDecimal64(1, 6), rates.rate) AS rate,
      arrayLast((from_day, rate_text) -> toDate(from_day) <= date, {vat_from:Array(String)}, {vat_rates:Array(String)}) AS vat_day,
      {vat_rates:Array(String)}[indexOf({vat_from:Array(String)}, vat_day)] AS rule_rate,
      toDecimal64OrNull(JSONExtractString(record, 'vat_rate'), 6) AS own_rate,
      -- A rate above 1 is written in percent.
      toDecimal128(ifNull(if(own_rate > 1, own_rate / 100, own_rate), toDecimal64OrZero(rule_rate, 6)), 10) AS vat_rate,
      JSONExtractString(record, 'vat') AS vat_mode,
      toDecimal128(day_cost, 12) AS amount,
      CAST(amount * (1 + if(vat_mode = 'excluded', vat_rate, toDecimal128(0, 10))), 'Decimal(38, 12)') AS exact_gross,
      CAST(amount / (1 + if(vat_mode = 'included', vat_rate, toDecimal128(0, 10))), 'Decimal(38, 12)') AS exact_net
    FROM daily
    ASOF LEFT JOIN rates ON daily.currency = rates.rate_currency AND daily.date >= rates.rate_day
  ),
  -- A day gets what the sum up to it, rounded, has more than the sum before it: the days sum to the whole cost, rounded once.
  shared AS (
    SELECT *,
      CAST(exact_net * rate, 'Decimal(38, 12)') AS exact_net_base, CAST(exact_gross * rate, 'Decimal(38, 12)') AS exact_gross_base,
      [exact_net, exact_gross, exact_net_base, exact_gross_base] AS exact,
      [sum(exact_net) OVER days_up_to, sum(exact_gross) OVER days_up_to, sum(exact_net_base) OVER days_up_to, sum(exact_gross_base) OVER days_up_to] AS up_to,
      arrayMap((sum, own) -> CAST(round(sum, 6) - round(sum - own, 6), 'Decimal(18, 6)'), up_to, exact) AS parts,
      parts[1] AS cost_net, parts[2] AS cost_gross, parts[3] AS cost_net_base, parts[4] AS cost_gross_base
    FROM taxed
    WINDOW days_up_to AS (PARTITION BY record_key ORDER BY date ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
  )
SELECT {project:String} AS project, date, concat(record_key, ':', toString(date)) AS cost_key, record_key, cost_source, version_at,
  JSONExtractString(record, 'account') AS account,
  JSONExtractString(record, 'campaign_id') AS campaign_id,
  JSONExtractString(record, 'adgroup_id') AS adgroup_id,
  JSONExtractString(record, 'ad_id') AS ad_id,
  JSONExtractString(record, 'keyword') AS keyword,
  JSONExtractString(record, 'utm_campaign') AS utm_campaign,
  JSONExtractString(record, 'campaign') != '' AS has_name,
  if(has_name, JSONExtractString(record, 'campaign'), utm_campaign) AS campaign,
  JSONExtractString(record, 'utm_content') AS content,
  JSONExtractString(record, 'utm_term') AS term,
  multiIf(keyword != '', 'keyword', ad_id != '', 'ad', adgroup_id != '', 'adgroup', campaign_id != '' OR campaign != '', 'campaign', 'account') AS cost_level,
  if(JSONExtractString(record, 'kind') = '', 'media', JSONExtractString(record, 'kind')) AS kind,
  platform,
  multiIf(JSONExtractString(record, 'utm_source') != '', JSONExtractString(record, 'utm_source'),
    mapContains({platform_sources:Map(String, String)}, platform), {platform_sources:Map(String, String)}[platform],
    platform != '', platform, cost_source) AS utm_source,
  multiIf(JSONExtractString(record, 'utm_medium') != '', JSONExtractString(record, 'utm_medium'),
    mapContains({platform_media:Map(String, String)}, platform), {platform_media:Map(String, String)}[platform], 'cpc') AS utm_medium,
  cityHash64(lower(trimBoth(utm_source)), lower(trimBoth(utm_medium)), lower(trimBoth(utm_campaign)), '', '') AS signature,
  cost_net, cost_gross - cost_net AS vat, cost_gross, currency, rate, cost_net_base, cost_gross_base,
  JSONExtractUInt(record, 'impressions') AS impressions_whole, JSONExtractUInt(record, 'clicks') AS clicks_whole,
  toUInt64(intDiv(impressions_whole, days) + (day_no < impressions_whole % days)) AS impressions,
  toUInt64(intDiv(clicks_whole, days) + (day_no < clicks_whole % days)) AS clicks
FROM shared

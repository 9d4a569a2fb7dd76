-- One row is one visit of one of those browsers.
CREATE OR REPLACE TABLE work_visits ENGINE = Memory AS
WITH
  timed AS (
    SELECT *,
      lagInFrame(toNullable(occurred_at)) OVER (PARTITION BY visitor_id ORDER BY occurred_at, type != 'pageview', event_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS previous_at,
      dateDiff('millisecond', previous_at, occurred_at) AS silence_ms,
      -- Whoever comes back from paying or signing in goes on with the visit, however long the bank took, up to a day.
      previous_at IS NULL OR silence_ms > if(is_return, 86400000, 1800000) AS after_silence
    FROM work_events
    WHERE NOT is_anonymous
  ),
  stretched AS (
    SELECT *, sum(toUInt32(ifNull(after_silence, 1))) OVER (PARTITION BY visitor_id ORDER BY occurred_at, type != 'pageview', event_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS stretch
    FROM timed
  ),
  sourced AS (
    SELECT *,
      row_number() OVER before AS number_in_stretch,
      countIf(type = 'pageview') OVER (PARTITION BY visitor_id, stretch ORDER BY occurred_at, type != 'pageview', event_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - toUInt64(type = 'pageview') AS pages_before,
      ifNull(anyLast(nullIf(source_key, '')) OVER (PARTITION BY visitor_id, stretch ORDER BY occurred_at, type != 'pageview', event_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), '') AS running_key,
      number_in_stretch = 1 OR (source_key != '' AND source_key != running_key AND pages_before > 0) AS starts_visit
    FROM stretched
    WINDOW before AS (PARTITION BY visitor_id, stretch ORDER BY occurred_at, type != 'pageview', event_id)
  ),
  numbered AS (
    SELECT *, sum(toUInt32(starts_visit)) OVER (PARTITION BY visitor_id ORDER BY occurred_at, type != 'pageview', event_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS visit_no
    FROM sourced
  ),
  counted AS (
    SELECT visitor_id, visit_no, min(occurred_at) AS started_at, max(occurred_at) AS ended_at, count() AS events, countIf(type = 'pageview') AS pageviews,
      toString(argMin(event_id, (occurred_at, type != 'pageview', event_id))) AS visit_id,
      argMin(event_id, (type != 'pageview', occurred_at, event_id)) AS landing_event_id,
      -- Browsers tell their version and model only when they were asked: not with the first event.
      argMin((user_agent, client_hints), (-toInt64(length(client_hints)), type != 'pageview', occurred_at, event_id)) AS sender,
      arraySort(groupUniqArrayIf(form_id, type = 'form_submit' AND form_id != '')) AS form_ids
    FROM numbered
    GROUP BY visitor_id, visit_no
  ),
  -- A browser that does nothing but open one page, twenty times and more, at a pace that no hand keeps.
  paced AS (
    SELECT visitor_id,
      arrayPopFront(arrayDifference(arraySort(groupArray(toUnixTimestamp64Milli(occurred_at))))) AS pauses_ms
    FROM numbered
    GROUP BY visitor_id
    HAVING count() >= 20 AND countIf(type != 'pageview' OR user_agent = '') = 0
      AND uniqExact(page_host, page_path) = 1 AND uniqExact(ip) = 1 AND uniqExact(user_agent) = 1
      AND arrayMin(pauses_ms) >= 5000 AND arrayMax(pauses_ms) - arrayMin(pauses_ms) <= greatest(2000, arrayAvg(pauses_ms) / 50)
  )
SELECT {project:String} AS project, c.visit_id AS visit_id, c.visitor_id AS visitor_id, c.started_at AS started_at, c.ended_at AS ended_at, toUInt32(c.visit_no) AS visit_no,
  toUInt32(c.pageviews) AS pageviews, toUInt32(c.events) AS events,
  bot_reason != '' AS is_bot, multiIf(ua.bot_reason != '', ua.bot_reason, c.visitor_id IN (SELECT visitor_id FROM paced), 'behaviour', '') AS bot_reason,
  s.channel AS channel, s.platform AS platform, s.source AS source, s.medium AS medium,
  e.utm_campaign AS campaign,
  multiIf(s.platform = '', '', e.utm_id != '', e.utm_id, match(e.utm_campaign, '^[0-9]+$'), e.utm_campaign, '') AS campaign_id,
  '' AS adgroup_id,
  if(s.platform != '' AND match(e.utm_content, '^[0-9]+$'), e.utm_content, '') AS ad_id,
  if(match(s.medium, {paid_medium:String}), e.utm_term, '') AS keyword,
  e.utm_content AS content, e.utm_term AS term, s.referrer_name AS referrer_host,
  e.page_host AS landing_host, e.page_path AS landing_page, e.title AS entry_title,
  ua.device AS device, ua.os AS os, ua.browser AS browser, a.country AS country, a.region AS region, a.city AS city,
  if(c.visit_no = 1, 'new', 'returning') AS visit_kind, 'visit' AS touch_kind,
  e.utm_source AS utm_source_raw, e.utm_medium AS utm_medium_raw, e.utm_campaign AS utm_campaign_raw,
  e.click_id_name AS click_id_name, e.click_id AS click_id, e.has_macro AS has_macro, c.form_ids AS form_ids, e.site AS site,
  ua.os_version AS os_version, ua.device_model AS device_model, a.data_centre AS data_centre
FROM counted AS c
INNER JOIN work_events AS e ON e.event_id = c.landing_event_id
INNER JOIN (SELECT * FROM user_agents FINAL) AS ua ON ua.user_agent = c.sender.1 AND ua.client_hints = c.sender.2
LEFT JOIN (SELECT * FROM addresses FINAL WHERE rules_version = {address_version:String}) AS a ON a.ip = e.ip
INNER JOIN (SELECT * FROM traffic_sources FINAL WHERE project = {project:String} AND rules_version = {rules_version:UInt32}) AS s ON s.signature = e.signature

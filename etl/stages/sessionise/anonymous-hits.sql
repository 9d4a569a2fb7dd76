-- One row is one event of somebody who refused; copies of it at another instant, or that a visitor sent too, are marked gone.
-- A page reached from within the shop, or back from paying, has no source: there is no visit that would remember it.
INSERT INTO anonymous_hits
WITH hits AS (
  SELECT e.event_id AS event_id, e.occurred_at AS happened_at, e.site AS site, e.type AS type, e.page_host AS page_host, e.page_path AS page,
    if(e.may_bring_source, s.channel, '') AS channel, if(e.may_bring_source, s.platform, '') AS platform,
    if(e.may_bring_source, s.source, '') AS source, if(e.may_bring_source, s.medium, '') AS medium, if(e.may_bring_source, s.referrer_name, '') AS referrer_host, ua.is_bot AS is_bot
  FROM work_events AS e
  INNER JOIN (SELECT * FROM user_agents FINAL) AS ua ON ua.user_agent = e.user_agent AND ua.client_hints = e.client_hints
  INNER JOIN (SELECT * FROM traffic_sources FINAL WHERE project = {project:String} AND rules_version = {rules_version:UInt32}) AS s ON s.signature = e.signature
  WHERE e.is_anonymous
)
SELECT {project:String} AS project, event_id, happened_at, site, type, page_host, page, channel, platform, source, medium, referrer_host, is_bot,
  {run_no:UInt64} AS run_no, toUInt8(0) AS is_deleted
FROM hits
UNION ALL
SELECT DISTINCT {project:String} AS project, event_id, occurred_at AS happened_at, '' AS site, '' AS type, '' AS page_host, '' AS page,
  '' AS channel, '' AS platform, '' AS source, '' AS medium, '' AS referrer_host, false AS is_bot, {run_no:UInt64} AS run_no, toUInt8(1) AS is_deleted
FROM raw_events
WHERE project = {project:String} AND visitor_id IN (SELECT visitor_id FROM work_visitors) AND consent = 'denied'
  AND (event_id, occurred_at) NOT IN (SELECT event_id, happened_at FROM hits)

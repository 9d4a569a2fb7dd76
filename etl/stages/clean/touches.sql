-- One row is one imported touch; one that moved in time or is gone is marked so at its old instant.
INSERT INTO touches
SELECT {project:String} AS project, w.node AS node, w.touched_at AS touched_at, w.record_key AS touch_id,
  s.channel AS channel, if(w.platform = '', s.platform, w.platform) AS platform, s.source AS source, s.medium AS medium,
  w.campaign AS campaign, w.campaign_id AS campaign_id, '' AS adgroup_id, '' AS ad_id, w.term AS keyword, w.content AS content, w.term AS term,
  '' AS referrer_host, '' AS landing_host, '' AS landing_page, '' AS entry_title, '' AS device, '' AS os, '' AS browser, '' AS country, '' AS region, '' AS city, '' AS visit_kind,
  w.touch_kind AS touch_kind, '' AS dropped, {run_no:UInt64} AS run_no, toUInt8(0) AS is_deleted
FROM work_touches AS w
INNER JOIN (SELECT signature, source, medium, channel, platform FROM traffic_sources FINAL WHERE project = {project:String} AND rules_version = {rules_version:UInt32}) AS s ON s.signature = w.signature
UNION ALL
SELECT * REPLACE ({run_no:UInt64} AS run_no, toUInt8(1) AS is_deleted)
FROM touches FINAL
WHERE project = {project:String}
  AND node IN (SELECT concat('touch:', record_key) FROM work_records WHERE entity = 'touch')
  AND (node, touched_at) NOT IN (SELECT node, touched_at FROM work_touches)

-- One row is one touch on one of those paths: every contact of the person on any device in the 366 days up to the instant. Those that a rule drops have no position.
CREATE OR REPLACE TABLE work_path_touches ENGINE = Memory AS
WITH contacts AS (
  SELECT m.client_id AS client_id, t.*
  FROM (SELECT * FROM touches FINAL WHERE project = {project:String} AND node IN (
    SELECT node FROM work_members WHERE client_id IN (SELECT client_id FROM work_paths))) AS t
  INNER JOIN work_members AS m ON m.node = t.node
)
SELECT {project:String} AS project, p.path_id AS path_id, c.touched_at AS touched_at, c.touch_id AS touch_id, p.conversion_at AS conversion_at,
  toUInt32(if(c.dropped = '', row_number() OVER (PARTITION BY p.path_id, c.dropped ORDER BY c.touched_at, c.touch_id), 0)) AS position,
  toUInt32(countIf(c.dropped = '') OVER (PARTITION BY p.path_id)) AS path_length,
  toUInt64(dateDiff('second', c.touched_at, p.conversion_at)) AS seconds_before,
  c.dropped AS dropped, p.client_id AS client_id,
  c.channel AS channel, c.platform AS platform, c.source AS source, c.medium AS medium, c.campaign AS campaign, c.campaign_id AS campaign_id, c.adgroup_id AS adgroup_id,
  c.ad_id AS ad_id, c.keyword AS keyword, c.content AS content, c.term AS term, c.referrer_host AS referrer_host, c.landing_host AS landing_host, c.landing_page AS landing_page,
  c.entry_title AS entry_title, c.device AS device, c.os AS os, c.browser AS browser, c.country AS country, c.region AS region, c.city AS city, c.visit_kind AS visit_kind, c.touch_kind AS touch_kind
FROM work_paths AS p
INNER JOIN contacts AS c ON c.client_id = p.client_id
WHERE c.touched_at <= p.conversion_at AND c.touched_at >= p.conversion_at - INTERVAL 366 DAY

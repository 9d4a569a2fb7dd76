-- One row is one visit as a touch of its browser, or of itself where the browser keeps no cookie; visits that the new reading no longer has are marked gone.
INSERT INTO touches
SELECT project, if(visitor_id IN (SELECT visitor_id FROM work_shared WHERE is_cookieless), concat('visit:', toString(visitor_id), '/', visit_id), concat('visitor:', toString(visitor_id))) AS node, started_at AS touched_at, visit_id AS touch_id,
  channel, platform, source, medium, campaign, campaign_id, adgroup_id, ad_id, keyword, content, term, referrer_host,
  landing_host, landing_page, entry_title, device, os, browser, country, region, city, visit_kind, touch_kind,
  if(is_bot, 'bot', '') AS dropped, {run_no:UInt64} AS run_no, toUInt8(0) AS is_deleted
FROM work_visits
UNION ALL
SELECT * REPLACE ({run_no:UInt64} AS run_no, toUInt8(1) AS is_deleted)
FROM touches FINAL
WHERE project = {project:String} AND node IN (SELECT node FROM work_nodes)
  AND (touched_at, touch_id) NOT IN (SELECT started_at, visit_id FROM work_visits)

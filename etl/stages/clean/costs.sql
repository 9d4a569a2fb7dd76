-- One row is one cost of one day; days that the record no longer covers are marked gone.
INSERT INTO costs
SELECT w.project AS project, w.date AS date, w.record_key AS record_key, w.cost_key AS cost_key, w.cost_source AS cost_source, w.account AS account, w.cost_level AS cost_level, w.kind AS kind,
  s.channel AS channel, if(w.platform = '', s.platform, w.platform) AS platform, s.source AS source, s.medium AS medium,
  w.campaign AS campaign, w.has_name AS has_name, w.campaign_id AS campaign_id, w.adgroup_id AS adgroup_id, w.ad_id AS ad_id, w.keyword AS keyword, w.content AS content, w.term AS term,
  w.cost_net AS cost_net, w.vat AS vat, w.cost_gross AS cost_gross, w.currency AS currency, w.rate AS rate,
  w.cost_net_base AS cost_net_base, w.cost_gross_base AS cost_gross_base, w.impressions AS impressions, w.clicks AS clicks, w.version_at AS told_at,
  {run_no:UInt64} AS run_no, toUInt8(0) AS is_deleted
FROM work_costs AS w
INNER JOIN (SELECT signature, source, medium, channel, platform FROM traffic_sources FINAL WHERE project = {project:String} AND rules_version = {rules_version:UInt32}) AS s ON s.signature = w.signature
UNION ALL
SELECT * REPLACE ({run_no:UInt64} AS run_no, toUInt8(1) AS is_deleted)
FROM costs FINAL
WHERE project = {project:String}
  AND record_key IN (SELECT record_key FROM work_records WHERE entity = 'cost')
  AND cost_key NOT IN (SELECT cost_key FROM work_costs)

-- One row is one campaign under the name that the living cost of its newest day gives it; one that none names is marked gone.
-- The day goes before the moment of telling: days of the past may be told later than those after them.
-- All costs are looked at: they are not sorted by campaign, and so a name that a broken run left behind is mended too.
INSERT INTO campaigns
SELECT {project:String} AS project, platform, campaign_id, argMax(name, (is_told, date, told_at, name)) AS campaign,
  max(told_at) AS named_at, {run_no:UInt64} AS run_no, toUInt8(NOT max(is_told)) AS is_deleted
FROM (
  SELECT platform, campaign_id, campaign AS name, told_at, date, 1 AS is_told
  FROM costs FINAL
  WHERE project = {project:String} AND is_deleted = 0 AND platform != '' AND campaign_id != '' AND has_name
  UNION ALL
  SELECT platform, campaign_id, campaign, toDateTime64(0, 3, 'UTC'), toDate(0), 0
  FROM campaigns FINAL
  WHERE project = {project:String} AND is_deleted = 0
)
GROUP BY platform, campaign_id
SETTINGS do_not_merge_across_partitions_select_final = 1

-- One row is one campaign under the name its platform gives it in the newest of these costs.
INSERT INTO campaigns
SELECT project, platform, campaign_id, argMax(campaign, (version_at, date, campaign)) AS newest_name, max(version_at) AS named_at
FROM work_costs
WHERE platform != '' AND campaign_id != '' AND campaign != ''
GROUP BY project, platform, campaign_id

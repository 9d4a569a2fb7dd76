-- One row is one combination of landing marks met now and not yet classified under these rules.
SELECT signature, any(utm_source) AS utm_source, any(utm_medium) AS utm_medium, any(utm_campaign) AS utm_campaign, any(referrer_host) AS referrer_host, any(click_id_name) AS click_id
FROM work_events
WHERE signature NOT IN (SELECT signature FROM traffic_sources WHERE project = {project:String} AND rules_version = {rules_version:UInt32})
GROUP BY signature

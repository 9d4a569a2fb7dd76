-- One row is one User-Agent text met now and not yet read by this version of the parser.
SELECT DISTINCT user_agent
FROM work_events
WHERE user_agent NOT IN (SELECT user_agent FROM user_agents WHERE rules_version = {parser_version:UInt32})

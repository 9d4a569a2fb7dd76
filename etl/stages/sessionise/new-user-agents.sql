-- One row is one User-Agent text with the client hints beside it, met now and not yet read by this version of the parser.
SELECT DISTINCT user_agent, client_hints
FROM work_events
WHERE (user_agent, client_hints) NOT IN (SELECT user_agent, client_hints FROM user_agents WHERE rules_version = {parser_version:UInt32})

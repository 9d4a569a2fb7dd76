-- One row is what is met now and not yet read by these versions of the rules: User-Agent texts with the client hints beside them, and addresses.
SELECT
  (SELECT groupUniqArray((user_agent, client_hints)) FROM work_events
    WHERE (user_agent, client_hints) NOT IN (SELECT user_agent, client_hints FROM user_agents WHERE rules_version = {parser_version:UInt32})) AS user_agents,
  (SELECT groupUniqArray(ip) FROM work_events
    WHERE ip NOT IN (SELECT ip FROM addresses WHERE rules_version = {address_version:String})) AS addresses

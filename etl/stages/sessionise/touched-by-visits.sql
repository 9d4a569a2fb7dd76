-- One row is one identifier whose person must be looked at again: browsers, and visits of those without a cookie, that ask or are known, and deals and requests that name a visit of theirs.
INSERT INTO work_touched
WITH
  -- All that was sent and not only the events that count: a repeated event may carry another code.
  sent AS (SELECT DISTINCT visit_id, visit_code FROM raw_events WHERE project = {project:String} AND visitor_id IN (SELECT visitor_id FROM work_visitors)),
  codes AS (SELECT toString(visit_code) FROM sent WHERE visit_code != 0),
  visits AS (SELECT lower(visit_id) FROM sent WHERE visit_id != '')
SELECT node FROM work_requests
UNION DISTINCT
SELECT node FROM identity_links WHERE project = {project:String} AND node IN (SELECT node FROM work_nodes)
UNION DISTINCT
SELECT concat('deal:', deal_key) FROM staged_deals WHERE project = {project:String} AND (visit_code IN (codes) OR visit IN (visits))
UNION DISTINCT
SELECT node FROM staged_leads WHERE project = {project:String} AND startsWith(node, 'lead:') AND (visit_code IN (codes) OR visit IN (visits))

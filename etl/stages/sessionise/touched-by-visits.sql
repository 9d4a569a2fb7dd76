-- One row is one identifier whose person must be looked at again: browsers that ask, are known, or are named by a deal or a request.
INSERT INTO work_touched
SELECT node FROM work_requests
UNION DISTINCT
SELECT node FROM identity_links WHERE project = {project:String} AND node IN (SELECT center FROM work_centers)
UNION DISTINCT
SELECT concat('deal:', deal_key)
FROM staged_deals
WHERE project = {project:String} AND (
  (visit_code != '' AND visit_code IN (SELECT toString(visit_code) FROM work_events WHERE visit_code != 0))
  OR (visit != '' AND visit IN (SELECT lower(sent_visit_id) FROM work_events)))
UNION DISTINCT
SELECT node
FROM staged_leads
WHERE project = {project:String} AND source != 'tracker' AND (
  (visit_code != '' AND visit_code IN (SELECT toString(visit_code) FROM work_events WHERE visit_code != 0))
  OR (visit != '' AND visit IN (SELECT lower(sent_visit_id) FROM work_events)))

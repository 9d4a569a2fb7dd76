-- One row is whether the browsers of this share asked for something and told who they are, by their events and by what is known from before, and whether any of them refused or is several people.
SELECT
  (SELECT countIf(type IN ('form_submit', 'purchase') AND NOT is_anonymous) > 0 FROM work_events) AS has_requests,
  (SELECT count() > 0 FROM staged_leads WHERE project = {project:String} AND node IN (SELECT node FROM work_nodes)) AS had_requests,
  (SELECT countIf(concat(phone_hash, email_hash, user_id, ym_client_id, order_id) != '') > 0 FROM work_events) AS has_evidence,
  (SELECT count() > 0 FROM identity_edges WHERE project = {project:String} AND node_a IN (SELECT node FROM work_nodes) AND center = node_a) AS had_evidence,
  (SELECT count() > 0 FROM raw_events WHERE project = {project:String} AND visitor_id IN (SELECT visitor_id FROM work_visitors) AND consent = 'denied') AS has_anonymous,
  (SELECT count() > 0 FROM work_shared) AS has_shared

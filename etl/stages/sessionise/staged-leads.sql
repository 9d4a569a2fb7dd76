-- One row is one request made in the browser; requests that the new reading no longer has are marked gone.
INSERT INTO staged_leads
SELECT {project:String} AS project, lead_id, node, 'tracker' AS source, kind, created_at, form_id, request_page, order_id, '' AS deal_ref_key,
  '' AS visit, '' AS visit_code, toString(visitor_id) AS visitor, '' AS ym_client_id, CAST([], 'Array(String)') AS phone_hashes, CAST([], 'Array(String)') AS email_hashes,
  '' AS contact_id, duplicate_of, {run_no:UInt64} AS run_no, toUInt8(0) AS is_deleted
FROM work_requests
UNION ALL
SELECT * REPLACE ({run_no:UInt64} AS run_no, toUInt8(1) AS is_deleted)
FROM staged_leads FINAL
WHERE project = {project:String} AND node IN (SELECT node FROM work_nodes)
  AND (node, lead_id) NOT IN (SELECT node, lead_id FROM work_requests)

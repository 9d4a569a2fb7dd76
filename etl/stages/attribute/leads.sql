-- One row is one request: told by a browser or a source, or the deal itself when nothing else asked for it; those no longer so are marked gone.
INSERT INTO leads
WITH
  first_deals AS (
    SELECT k.lead_id AS lead_id, argMin(k.deal_key, (d.created_at, d.deal_key)) AS deal_key
    FROM work_deal_leads AS k INNER JOIN work_deals AS d ON d.deal_key = k.deal_key
    GROUP BY k.lead_id
  ),
  told AS (
    SELECT l.lead_id AS lead_id, l.source AS source, l.kind AS kind, l.created_at AS created_at, l.form_id AS form_id, l.request_page AS request_page, l.order_id AS order_id,
      l.client_id AS client_id, f.deal_key AS deal_key, if(f.deal_key = '', concat('lead:', l.lead_id), concat('deal:', f.deal_key)) AS path_id, l.duplicate_of AS duplicate_of
    FROM work_leads AS l LEFT JOIN first_deals AS f ON f.lead_id = l.lead_id
  ),
  own AS (
    SELECT k.lead_id AS lead_id, d.deal_source AS source, 'crm' AS kind, d.created_at AS created_at, '' AS form_id, '' AS request_page, d.order_id AS order_id,
      d.client_id AS client_id, d.deal_key AS deal_key, concat('deal:', d.deal_key) AS path_id, '' AS duplicate_of
    FROM work_deal_leads AS k INNER JOIN work_deals AS d ON d.deal_key = k.deal_key
    WHERE k.lead_id = concat('deal:', k.deal_key) AND d.status_group != 'excluded'
  ),
  now AS (SELECT * FROM told UNION ALL SELECT * FROM own)
SELECT {project:String} AS project, *, {run_no:UInt64} AS run_no, toUInt8(0) AS is_deleted
FROM now
UNION ALL
SELECT * REPLACE ({run_no:UInt64} AS run_no, toUInt8(1) AS is_deleted)
FROM leads FINAL
WHERE project = {project:String} AND client_id IN (SELECT client_id FROM work_clients) AND lead_id NOT IN (SELECT lead_id FROM now)

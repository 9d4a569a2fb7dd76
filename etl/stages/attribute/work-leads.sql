-- One row is one request of one of those persons that its browser or source tells, and the request that counts for it, if it repeats one.
CREATE OR REPLACE TABLE work_leads ENGINE = MergeTree ORDER BY lead_id AS
SELECT t.lead_id AS lead_id, t.source AS source, t.kind AS kind, t.created_at AS created_at, t.form_id AS form_id, t.request_page AS request_page, t.order_id AS order_id,
  t.deal_ref_key AS deal_ref_key, t.client_id AS client_id, r.duplicate_of AS duplicate_of
FROM work_told_leads AS t
LEFT JOIN work_repeats AS r ON r.lead_id = t.lead_id

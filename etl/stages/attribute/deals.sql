-- One row is one deal, its person and its money; deals that are gone or moved to another person are marked so.
INSERT INTO deals
SELECT d.project AS project, d.deal_key AS deal_key, d.deal_source AS deal_source, d.deal_id AS deal_id, d.role AS role, d.order_id AS order_id, d.created_at AS created_at,
  d.updated_at AS updated_at, d.closed_at AS closed_at, d.amount AS amount, d.currency AS currency, d.amount_base AS amount_base, d.status_group AS status_group, d.status AS status,
  d.status_name AS status_name, d.loss_reason AS loss_reason, d.manager AS manager, d.pipeline AS pipeline, d.cogs AS cogs, d.delivery_cost AS delivery_cost, d.fields AS fields,
  d.client_id AS client_id, d.matched_by AS matched_by, d.same_as AS same_as, k.lead_id AS lead_id, if(k.deal_key = '', d.created_at, k.lead_at) AS lead_at,
  k.form_id AS form_id, k.request_page AS request_page,
  CAST(round(toDecimal128(ifNull(d.cogs, 0), 6) * d.rate, 2), 'Decimal(18, 6)') AS cogs_base,
  CAST(round(toDecimal128(ifNull(d.delivery_cost, 0), 6) * d.rate, 2), 'Decimal(18, 6)') AS delivery_base,
  s.paid_net AS paid_net, s.first_paid_at AS first_paid_at, s.is_sale AS is_sale, s.sale_at AS sale_at, s.sale_no AS sale_no,
  s.first_sale_path AS first_sale_path, s.first_sale_at AS first_sale_at, {run_no:UInt64} AS run_no, toUInt8(0) AS is_deleted
FROM work_deals AS d
INNER JOIN work_sales AS s ON s.deal_key = d.deal_key
LEFT JOIN work_deal_leads AS k ON k.deal_key = d.deal_key
UNION ALL
SELECT * REPLACE ({run_no:UInt64} AS run_no, toUInt8(1) AS is_deleted)
FROM deals FINAL
WHERE project = {project:String} AND client_id IN (SELECT client_id FROM work_clients) AND deal_key NOT IN (SELECT deal_key FROM work_deals)

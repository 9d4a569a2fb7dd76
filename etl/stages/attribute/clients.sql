-- One row is one person; a person merged into another is marked gone.
INSERT INTO clients
WITH
  members AS (SELECT client_id, toUInt32(count()) AS identifiers FROM work_members GROUP BY client_id),
  bought AS (
    SELECT d.client_id AS client_id, countIf(d.same_as = '' AND d.status_group != 'excluded') AS deals, countIf(s.is_sale) AS sales,
      min(s.sale_at) AS first_sale_at, max(s.sale_at) AS last_sale_at, sumIf(s.paid_net, d.status_group != 'excluded') AS revenue
    FROM work_deals AS d INNER JOIN work_sales AS s ON s.deal_key = d.deal_key
    GROUP BY d.client_id
  )
SELECT {project:String} AS project, m.client_id AS client_id, m.identifiers AS identifiers, toUInt32(b.deals) AS deals, toUInt32(b.sales) AS sales,
  b.first_sale_at AS first_sale_at, b.last_sale_at AS last_sale_at, CAST(b.revenue, 'Decimal(18, 6)') AS revenue, {run_no:UInt64} AS run_no, toUInt8(0) AS is_deleted
FROM members AS m LEFT JOIN bought AS b ON b.client_id = m.client_id
UNION ALL
SELECT * REPLACE ({run_no:UInt64} AS run_no, toUInt8(1) AS is_deleted)
FROM clients FINAL
WHERE project = {project:String} AND client_id IN (SELECT client_id FROM work_clients) AND client_id NOT IN (SELECT client_id FROM members)

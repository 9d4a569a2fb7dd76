-- One row is one deal of one of those persons with its money and its number among the person's sales.
CREATE OR REPLACE TABLE work_sales ENGINE = MergeTree ORDER BY deal_key AS
WITH
  money AS (
    SELECT deal_key, sum(amount_base) AS paid_net, minIf(paid_at, amount > 0) AS first_paid_at
    FROM work_payments WHERE deal_key != ''
    GROUP BY deal_key
  ),
  judged AS (
    SELECT d.deal_key AS deal_key, d.client_id AS client_id, CAST(m.paid_net, 'Decimal(18, 6)') AS paid_net,
      nullIf(m.first_paid_at, toDateTime64(0, 3, 'UTC')) AS first_paid_at,
      d.same_as = '' AND d.status_group != 'excluded' AND if({money_source:String} = 'payments', paid_net > 0, d.status_group = 'won') AS is_sale,
      if(NOT is_sale, NULL, if({money_source:String} = 'payments', first_paid_at, ifNull(d.closed_at, d.created_at))) AS sale_at
    FROM work_deals AS d LEFT JOIN money AS m ON m.deal_key = d.deal_key
  ),
  numbered AS (
    SELECT *, row_number() OVER (PARTITION BY client_id, is_sale ORDER BY sale_at, deal_key) AS number FROM judged
  ),
  firsts AS (
    SELECT client_id, deal_key, sale_at FROM numbered WHERE is_sale AND number = 1
  )
SELECT n.deal_key AS deal_key, n.paid_net AS paid_net, n.first_paid_at AS first_paid_at, n.is_sale AS is_sale, n.sale_at AS sale_at, toUInt32(if(n.is_sale, n.number, 0)) AS sale_no,
  if(f.deal_key = '', '', concat('deal:', f.deal_key)) AS first_sale_path, f.sale_at AS first_sale_at
FROM numbered AS n LEFT JOIN firsts AS f ON f.client_id = n.client_id

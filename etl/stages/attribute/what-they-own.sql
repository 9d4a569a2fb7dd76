-- One row is whether the persons concerned have deals and deals that follow others, and whether deals and payments are written of them.
SELECT count() > 0 AS has_deals,
  countIf(merged_into != '') > 0 OR uniqExactIf(order_id, lower(order_id) NOT IN {idle_ids:Array(String)}) < countIf(lower(order_id) NOT IN {idle_ids:Array(String)}) AS has_followers,
  (SELECT count() > 0 FROM deals WHERE project = {project:String} AND client_id IN (SELECT client_id FROM work_clients)) AS had_deals,
  (SELECT count() > 0 FROM payments WHERE project = {project:String} AND client_id IN (SELECT client_id FROM work_clients)) AS had_payments
FROM work_owned_deals

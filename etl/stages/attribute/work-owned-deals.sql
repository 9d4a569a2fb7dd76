-- One row is one deal of one of those persons.
CREATE OR REPLACE TABLE work_owned_deals ENGINE = MergeTree ORDER BY deal_key AS
SELECT d.*, m.client_id AS client_id, indexOf(['crm', 'shop', 'accounting'], toString(d.role)) AS rank
FROM (
  SELECT * FROM staged_deals FINAL
  WHERE project = {project:String} AND deal_key IN (SELECT substring(node, 6) FROM work_members WHERE startsWith(node, 'deal:'))
) AS d
INNER JOIN work_members AS m ON m.node = concat('deal:', d.deal_key)

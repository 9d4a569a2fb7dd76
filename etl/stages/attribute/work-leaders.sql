-- One row is one deal that follows another, and the one at the end of the chain (of up to 8 links): a deal may be merged into one that was merged itself.
CREATE OR REPLACE TABLE work_leaders ENGINE = MergeTree ORDER BY deal_key AS
WITH
  two AS (SELECT a.deal_key AS deal_key, if(b.leader = '', a.leader, b.leader) AS leader FROM work_followers AS a LEFT JOIN work_followers AS b ON b.deal_key = a.leader),
  four AS (SELECT a.deal_key AS deal_key, if(b.leader = '', a.leader, b.leader) AS leader FROM two AS a LEFT JOIN two AS b ON b.deal_key = a.leader)
SELECT a.deal_key AS deal_key, if(b.leader = '', a.leader, b.leader) AS leader
FROM four AS a LEFT JOIN four AS b ON b.deal_key = a.leader
WHERE leader != a.deal_key

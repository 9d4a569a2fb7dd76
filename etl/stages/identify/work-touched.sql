-- One row is one identifier whose person must be looked at again; the stages add to it. It begins with what the records name.
CREATE OR REPLACE TABLE work_touched ENGINE = MergeTree ORDER BY node AS
SELECT DISTINCT concat(multiIf(entity = 'client', 'contact', entity), ':', record_key) AS node
FROM work_records
WHERE entity IN ('deal', 'lead', 'touch', 'client')

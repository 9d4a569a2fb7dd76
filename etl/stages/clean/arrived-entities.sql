-- One row is one kind of records that came in the batches.
SELECT DISTINCT entity FROM work_records ORDER BY entity

-- One row is whether payments or deals, which payments name, came in the batches.
SELECT count() > 0 AS money FROM work_records WHERE entity IN ('payment', 'deal')

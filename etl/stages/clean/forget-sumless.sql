-- One row is one payment that waits for no sum any more: its order is known, a document pays it or it is gone; of several versions only the newest waits.
DELETE FROM rejected
WHERE project = {project:String} AND reason = 'no_sum'
  AND place IN (SELECT record_key FROM work_records WHERE entity = 'payment')
  AND (place, rejected_at) NOT IN (SELECT record_key, fetched_at FROM work_records WHERE entity = 'payment'
    AND record_key IN (SELECT record_key FROM work_order_sums WHERE amount = 0) AND record_key NOT IN (SELECT record_key FROM work_documented))

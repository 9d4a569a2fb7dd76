-- A payment whose order is known now, or that is paid by a document or gone, waits for no sum; of several versions only the newest does.
DELETE FROM rejected
WHERE project = {project:String} AND reason = 'no_sum'
  AND place IN (SELECT record_key FROM work_records WHERE entity = 'payment')
  AND (place, rejected_at) NOT IN (SELECT record_key, fetched_at FROM work_records WHERE entity = 'payment'
    AND record_key IN (SELECT record_key FROM work_order_sums WHERE amount = 0) AND record_key NOT IN (SELECT record_key FROM work_documented))

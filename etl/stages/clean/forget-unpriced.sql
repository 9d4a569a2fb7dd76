-- What has a rate now or is gone waits for none, and of several versions only the newest does.
DELETE FROM rejected
WHERE project = {project:String} AND reason = 'no_rate'
  AND rejected_id IN (SELECT concat('no_rate:', entity, ':', record_key) FROM work_records)
  AND (rejected_id, rejected_at) NOT IN (SELECT concat('no_rate:', entity, ':', record_key), fetched_at FROM work_rates WHERE NOT known)

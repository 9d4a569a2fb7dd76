-- One row is one refusal for want of a rate of a record that has one now or is gone, or of an older version of one that still waits.
DELETE FROM rejected
WHERE project = {project:String} AND reason = 'no_rate'
  AND rejected_id IN (SELECT concat('no_rate:', entity, ':', record_key) FROM work_records)
  AND (rejected_id, rejected_at) NOT IN (SELECT concat('no_rate:', entity, ':', record_key), fetched_at FROM work_rates WHERE NOT known)

-- One row is one kind of records that came in the batches, and whether some of them were refused for want of a rate before.
SELECT entity,
  max(concat('no_rate:', entity, ':', record_key) IN (SELECT rejected_id FROM rejected WHERE project = {project:String} AND reason = 'no_rate')) AS was_unpriced
FROM work_records
GROUP BY entity
ORDER BY entity

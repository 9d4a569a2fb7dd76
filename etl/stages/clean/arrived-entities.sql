-- One row is one kind of records that came in the batches, whether some of them were refused for want of a rate or of a sum before, and whether an order implies one.
SELECT entity,
  max(concat('no_rate:', entity, ':', record_key) IN (SELECT rejected_id FROM rejected WHERE project = {project:String} AND reason = 'no_rate')) AS was_unpriced,
  max(entity = 'payment' AND record_key IN (SELECT place FROM rejected WHERE project = {project:String} AND reason = 'no_sum')) AS was_sumless,
  max(entity = 'payment' AND JSONExtractBool(record, 'implied')) AS implied
FROM work_records
GROUP BY entity
ORDER BY entity

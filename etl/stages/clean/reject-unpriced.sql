-- One row is one record that cannot be counted in the project's currency: it is shown, not added up as if it were.
INSERT INTO rejected (project, rejected_id, rejected_at, source, entity, reason, place, detail, payload, batch)
SELECT {project:String}, concat('no_rate:', entity, ':', record_key), fetched_at, source, entity, 'no_rate', record_key,
  concat('No rate of ', currency, ' is known for ', toString(day), ': it is left out of every sum.'), '', ''
FROM work_rates
WHERE NOT known

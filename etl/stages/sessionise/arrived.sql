-- One row is how much the browsers that sent something have ever sent.
SELECT uniqExact(visitor_id) AS visitors, count() AS events
FROM raw_events
WHERE project = {project:String} AND ({all:Bool} OR visitor_id IN (
  SELECT visitor_id FROM raw_batch_visitors WHERE project = {project:String} AND batch IN {batches:Array(String)}))

-- One row is how much the browsers that sent something have ever sent. Of people who refused each event is by itself: there are no browsers.
SELECT uniqExactIf(visitor_id, consent != 'denied') AS visitors, count() AS events
FROM raw_events
WHERE project = {project:String} AND ({all:Bool} OR visitor_id IN (
  SELECT visitor_id FROM raw_batch_visitors WHERE project = {project:String} AND batch IN {batches:Array(String)}))

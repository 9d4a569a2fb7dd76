-- One row is one browser whose visits are computed anew: it sent events in the batches, or shares an event id with one that did.
CREATE OR REPLACE TABLE work_visitors ENGINE = Memory AS
WITH
  arrived AS (
    SELECT DISTINCT visitor_id
    FROM raw_batch_visitors
    WHERE project = {project:String} AND batch IN {batches:Array(String)} AND cityHash64(visitor_id) % {chunks:UInt32} = {chunk:UInt32}
  ),
  their_events AS (
    SELECT event_id FROM raw_events WHERE project = {project:String} AND visitor_id IN (SELECT visitor_id FROM arrived)
  )
SELECT visitor_id FROM arrived
UNION DISTINCT
SELECT visitor_id FROM raw_event_keys
WHERE project = {project:String} AND event_id IN (
  SELECT event_id FROM raw_event_keys
  WHERE project = {project:String} AND event_id IN (SELECT event_id FROM their_events)
  GROUP BY event_id HAVING uniqExact(visitor_id) > 1)

-- One row is one browser with events that happened or came since the day of a rebuild, under the name that its run takes them by.
INSERT INTO raw_batch_visitors (batch, project, visitor_id)
SELECT DISTINCT {since_batch:String} AS batch, project, visitor_id
FROM raw_events
WHERE project = {project:String} AND (occurred_at >= {since_at:DateTime64(3, 'UTC')} OR received_at >= {since_at:DateTime64(3, 'UTC')})

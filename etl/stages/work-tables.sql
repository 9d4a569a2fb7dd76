-- One row is what the work tables are like now and how much this run takes.
SELECT
  (SELECT max(number) FROM schema_migrations) AS schema,
  (SELECT (sum(rows), countIf(kind != 'events'), countIf(kind = 'events')) FROM raw_batches WHERE project = {project:String} AND batch IN {batches:Array(String)}) AS batches,
  (SELECT groupArray((name, comment, ifNull(total_rows, 1) > 0)) FROM system.tables WHERE database = currentDatabase() AND startsWith(name, 'work_')) AS tables

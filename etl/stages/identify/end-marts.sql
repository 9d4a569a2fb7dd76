-- No row is left: the marts are written.
TRUNCATE TABLE work_unfinished

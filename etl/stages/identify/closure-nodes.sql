-- One row is one identifier of the persons concerned.
SELECT node FROM work_closure

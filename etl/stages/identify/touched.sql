-- One row is whether any person must be looked at again, and whether a deal, request, touch or contact card must.
SELECT count() > 0 OR (SELECT count() > 0 FROM work_unfinished) AS any,
  countIf(startsWith(node, 'deal:') OR startsWith(node, 'lead:') OR startsWith(node, 'touch:') OR startsWith(node, 'contact:')) > 0 AS centers
FROM work_touched

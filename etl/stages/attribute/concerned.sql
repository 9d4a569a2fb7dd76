-- One row is how many persons are computed anew and how many payments changed.
SELECT (SELECT count() FROM work_clients) AS clients, (SELECT count() FROM work_records WHERE entity = 'payment') AS payments

-- A case is about everybody whose rating was joined to it, not only about whoever was rated first: none of them handles
-- it, or learns who rated (R14, R28, R29). The one of the first rating stands in staff_number, the others here.
ALTER TABLE rectification_case ADD COLUMN joined_staff text[] NOT NULL DEFAULT '{}';

UPDATE rectification_case c SET joined_staff = s.staff
FROM (SELECT l.case_evaluation_id AS id, array_agg(DISTINCT n.staff ORDER BY n.staff) AS staff
  FROM matter_link l
  LEFT JOIN evaluation e ON e.evaluation_id = l.evaluation_id
  LEFT JOIN complaint k ON k.evaluation_id = l.evaluation_id
  CROSS JOIN LATERAL (SELECT coalesce(e.staff_number, k.staff_number, '') AS staff) n
  JOIN rectification_case o ON o.evaluation_id = l.case_evaluation_id
  WHERE n.staff NOT IN ('', o.staff_number)
  GROUP BY 1) s
WHERE c.evaluation_id = s.id;

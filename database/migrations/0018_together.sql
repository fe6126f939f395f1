-- A case that several organisations handle and several persons wait for: reports of co-handlers (Q62), and one
-- call-back for each person who left a name (R20). Cases of complaints and opinions stand in the figures and among the
-- closed cases of the public, too.

-- Co-handlers whose report of this round is in, and whether the lead said why it goes on without the others. Reports
-- from before were not told apart by organisation: they are given again, or done without.
ALTER TABLE rectification_case
  ADD COLUMN reported_paths text[] NOT NULL DEFAULT '{}',
  ADD COLUMN reports_waived boolean NOT NULL DEFAULT false,
  ADD COLUMN persons jsonb NOT NULL DEFAULT '[]';

-- Each real-name rating and complaint of a case is somebody to be called; what was noted of the case is noted of each.
UPDATE rectification_case c SET persons = coalesce((
  SELECT jsonb_agg(jsonb_build_object('id', s.id, 'doNotContact', coalesce(e.do_not_contact, k.do_not_contact),
    'contacted', c.contacted, 'attempts', c.attempts) ORDER BY s.at, s.id)
  FROM (SELECT source_evaluation_id AS id, min(at) AS at FROM case_source
    WHERE evaluation_id = c.evaluation_id AND kind IN ('rating', 'complaint', 'opinion') GROUP BY 1) s
  LEFT JOIN evaluation e ON e.evaluation_id = s.id
  LEFT JOIN complaint k ON k.evaluation_id = s.id
  WHERE coalesce(e.real_name, k.real_name, false)), '[]')
WHERE real_name;

-- Cases opened by a complaint or an opinion, of those that were opened; the rest were opened by ratings.
ALTER TABLE statistic_daily
  ADD COLUMN cases_from_complaint integer NOT NULL DEFAULT 0,
  ADD COLUMN cases_from_opinion   integer NOT NULL DEFAULT 0;

-- What opened the case; without a rating there is no level.
ALTER TABLE publication_case
  ADD COLUMN source_kind text NOT NULL DEFAULT 'rating',
  ALTER COLUMN level DROP NOT NULL;

-- Both follow from the journal, by rules that now count more: they are made anew from the first entry.
DELETE FROM statistic_daily;
DELETE FROM statistic_evaluation;
DELETE FROM statistic_state;
DELETE FROM publication_case;
UPDATE consumer_cursor SET position = 0 WHERE consumer IN ('statistics', 'publication');

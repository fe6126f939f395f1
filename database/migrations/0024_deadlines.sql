-- Every day that was told follows the calendar (Q61, Q100): the days in which the sides of an appeal may speak are
-- clocks of their own, and the opening days of halls are corrected as the years of the calendar are.

-- `answer_until` and `reexamine_until` are the ends of these clocks. An appeal from before has none: the days its sides
-- were told then stand.
ALTER TABLE appeal
  ADD COLUMN answer_clock    jsonb,
  ADD COLUMN reexamine_clock jsonb;

-- Opening days of halls were changed: no year is corrected then, and clocks of these halls alone are looked through.
ALTER TABLE calendar_correction
  ALTER COLUMN year DROP NOT NULL,
  ADD COLUMN halls text[] NOT NULL DEFAULT '{}',
  ADD CONSTRAINT calendar_correction_of CHECK ((year IS NULL) = (halls <> '{}'));

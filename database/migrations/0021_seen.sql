-- Who sees an entry of the journal sees its text. What was asked by nested subqueries, planned anew by every statement
-- of an official (tens of milliseconds for one row), is asked by functions, whose plans a connection keeps. They run
-- as the official and so under the policies of the tables they read.
CREATE FUNCTION sees_subject(subject uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM evaluation e WHERE e.evaluation_id = subject)
    OR EXISTS (SELECT 1 FROM rectification_case c WHERE c.evaluation_id = subject)
    OR EXISTS (SELECT 1 FROM complaint c WHERE c.evaluation_id = subject)
    OR EXISTS (SELECT 1 FROM spot_check c WHERE c.check_id = subject AND supervises(c.organization_path));
END $$;
CREATE FUNCTION sees_entry(subject uuid, entry uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM journal_entry e WHERE e.subject_id = subject AND e.entry_id = entry);
END $$;

DROP POLICY staff_place ON journal_entry;
DROP POLICY staff_spot_check ON journal_entry;
DROP POLICY staff_complaint ON journal_entry;
CREATE POLICY staff_seen ON journal_entry TO haochaping_staff
  USING (sees_subject(subject_id)) WITH CHECK (sees_subject(subject_id));

DROP POLICY staff_place ON entry_text;
DROP POLICY staff_spot_check ON entry_text;
DROP POLICY staff_complaint ON entry_text;
DROP POLICY text_of_seen_entry ON entry_text;
CREATE POLICY text_of_seen_entry ON entry_text TO haochaping_staff
  USING (sees_entry(subject_id, entry_id)) WITH CHECK (sees_entry(subject_id, entry_id));

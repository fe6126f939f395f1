-- What belongs to a rating, a case, a complaint or a message is seen by whoever sees that. It was asked by nested
-- subqueries, planned anew by every statement of an official (up to seven tables deep); it is asked by functions, whose
-- plans a connection keeps, as for the journal. These tables are read by key: the functions are asked of few rows.
-- They run as the official and so under the policies of the tables they read.
CREATE FUNCTION sees_rating(id uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM evaluation e WHERE e.evaluation_id = id);
END $$;
CREATE FUNCTION sees_case(id uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM rectification_case c WHERE c.evaluation_id = id);
END $$;
CREATE FUNCTION sees_complaint(id uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM complaint c WHERE c.evaluation_id = id);
END $$;
CREATE FUNCTION sees_message(evaluation uuid, message uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM outbound_message m WHERE m.evaluation_id = evaluation AND m.message_id = message);
END $$;

ALTER POLICY staff_place ON evidence_file
  USING (sees_rating(evaluation_id) OR sees_case(evaluation_id))
  WITH CHECK (sees_rating(evaluation_id) OR sees_case(evaluation_id));
ALTER POLICY staff_place ON personal_data
  USING (coalesce(current_setting('app.staff_number', true), '') = ''
    AND (sees_rating(evaluation_id) OR sees_case(evaluation_id)));
ALTER POLICY staff_complaint ON personal_data USING (sees_complaint(evaluation_id));
ALTER POLICY staff_place ON follow_up USING (sees_rating(evaluation_id));
ALTER POLICY staff_place ON matter_link USING (sees_rating(evaluation_id) OR sees_complaint(evaluation_id));
ALTER POLICY staff_place ON case_party USING (sees_case(evaluation_id)) WITH CHECK (sees_case(evaluation_id));
ALTER POLICY staff_place ON case_source USING (sees_case(evaluation_id)) WITH CHECK (sees_case(evaluation_id));
ALTER POLICY staff_place ON message_attempt USING (sees_message(evaluation_id, message_id));

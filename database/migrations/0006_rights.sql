-- Who may do what in the database. The roles are made by the migration runner (they need passwords):
-- intake writes facts and never changes them; staff sees what its place in the organisation tree allows;
-- system runs the workers; portal reads what is public. Only the owner of the tables, whose credentials
-- the serving program does not use, could change a fact, and the ledger shows it when it does.

GRANT SELECT ON region, organization, hall, service_window, platform, staff_member, service_item, service_guide,
  evaluation_option, calendar_year, calendar_day, policy, deployment
  TO haochaping_intake, haochaping_staff, haochaping_system, haochaping_portal;

-- intake: insert only
GRANT SELECT, INSERT ON visit, personal_data, invitation, evaluation, journal_entry, entry_text TO haochaping_intake;
GRANT INSERT ON journal_pending TO haochaping_intake;
GRANT SELECT (subject_id, entry_id) ON journal_pending TO haochaping_intake;
GRANT SELECT ON partner_key, ledger_leaf, ledger_node, ledger_checkpoint, rectification_case TO haochaping_intake;
GRANT SELECT, INSERT, DELETE ON partner_nonce TO haochaping_intake;

-- staff: by place
GRANT SELECT ON visit, evaluation, personal_data, journal_entry, entry_text, evidence_file, outbound_message,
  rectification_case, ledger_leaf, ledger_checkpoint, consumer_cursor, statistic_daily, statistic_state, catalog_version TO haochaping_staff;
GRANT INSERT ON journal_entry, journal_pending, entry_text, evidence_file, outbound_message TO haochaping_staff;
GRANT UPDATE ON rectification_case TO haochaping_staff;

-- system: workers, identity
GRANT SELECT ON ALL TABLES IN SCHEMA public TO haochaping_system;
GRANT INSERT ON visit, personal_data, invitation, evaluation, journal_entry, entry_text, journal_pending, evidence_file,
  outbound_message, rectification_case, catalog_version, policy, partner_key, ledger_leaf, ledger_node, ledger_checkpoint TO haochaping_system;
GRANT DELETE ON journal_pending, partner_nonce TO haochaping_system;
GRANT UPDATE ON rectification_case, outbound_message, partner_key TO haochaping_system;
GRANT INSERT, UPDATE, DELETE ON consumer_cursor, session, account, statistic_daily, statistic_evaluation, statistic_state, publication_case, deployment TO haochaping_system;
GRANT INSERT, UPDATE ON region, organization, hall, service_window, platform, staff_member, service_item, service_guide,
  evaluation_option, calendar_year, calendar_day TO haochaping_system;
GRANT DELETE ON calendar_day TO haochaping_system;

-- portal: what is public
GRANT SELECT ON statistic_daily, statistic_state, publication_case, ledger_leaf, ledger_node, ledger_checkpoint, consumer_cursor,
  catalog_version TO haochaping_portal;

-- All that a token leads to, in one look: the visit, whether it was rated, whether the applicant's telephone is held.
CREATE VIEW rateable AS
  SELECT i.secret_hash, i.expires_at, v.evaluation_id, v.visit_id, v.affair_number, v.affair_name, v.stage, v.on_site,
    v.item_code, v.item_name, v.organization_id, v.organization_path, v.region_code, v.hall_code, v.window_code,
    v.staff_number, v.platform_code, v.served_at,
    EXISTS (SELECT 1 FROM evaluation e WHERE e.evaluation_id = i.evaluation_id) AS rated,
    EXISTS (SELECT 1 FROM personal_data p WHERE p.evaluation_id = i.evaluation_id AND p.phone IS NOT NULL)
      AS applicant_known
  FROM invitation i JOIN visit v ON v.evaluation_id = i.evaluation_id AND v.visit_id = i.visit_id;
GRANT SELECT ON rateable TO haochaping_intake;

ALTER TABLE visit ENABLE ROW LEVEL SECURITY;
ALTER TABLE evaluation ENABLE ROW LEVEL SECURITY;
ALTER TABLE personal_data ENABLE ROW LEVEL SECURITY;
ALTER TABLE journal_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE entry_text ENABLE ROW LEVEL SECURITY;
ALTER TABLE rectification_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE evidence_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbound_message ENABLE ROW LEVEL SECURITY;
ALTER TABLE statistic_daily ENABLE ROW LEVEL SECURITY;

-- A setting made with SET LOCAL reads as '' in later transactions of the connection, never as NULL again,
-- and '' is a prefix of everything: nullif closes that door.
CREATE FUNCTION within_place(path text) RETURNS boolean LANGUAGE sql STABLE
  RETURN coalesce(starts_with(path, nullif(current_setting('app.place', true), '')), false);
CREATE FUNCTION own_rating(staff_number text) RETURNS boolean LANGUAGE sql STABLE
  RETURN coalesce(current_setting('app.staff_number', true), '') IN ('', staff_number);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['visit', 'evaluation', 'personal_data', 'journal_entry', 'entry_text', 'rectification_case', 'evidence_file', 'outbound_message'] LOOP
    EXECUTE format('CREATE POLICY system_all ON %I TO haochaping_system USING (true) WITH CHECK (true)', t);
    EXECUTE format('CREATE POLICY intake_all ON %I TO haochaping_intake USING (true) WITH CHECK (true)', t);
  END LOOP;
END $$;

CREATE POLICY staff_place ON visit TO haochaping_staff USING (within_place(organization_path) AND own_rating(staff_number));
CREATE POLICY staff_place ON evaluation TO haochaping_staff USING (within_place(organization_path) AND own_rating(staff_number));
CREATE POLICY staff_place ON rectification_case TO haochaping_staff
  USING (within_place(organization_path) AND own_rating(staff_number)) WITH CHECK (within_place(organization_path) AND own_rating(staff_number));
-- Figures are public from k evaluations on, which the program sees to; officials see all of their own place.
CREATE POLICY system_all ON statistic_daily TO haochaping_system USING (true) WITH CHECK (true);
CREATE POLICY portal_all ON statistic_daily TO haochaping_portal USING (true);
CREATE POLICY staff_place ON statistic_daily TO haochaping_staff USING (within_place(organization_path));
CREATE POLICY staff_place ON outbound_message TO haochaping_staff USING (within_place(organization_path)) WITH CHECK (within_place(organization_path));
-- These belong to an evaluation; what may be seen of it decides (its own policy applies inside).
CREATE POLICY staff_place ON personal_data TO haochaping_staff
  USING (EXISTS (SELECT 1 FROM evaluation e WHERE e.evaluation_id = personal_data.evaluation_id)
    AND coalesce(current_setting('app.staff_number', true), '') = '');
CREATE POLICY staff_place ON journal_entry TO haochaping_staff
  USING (EXISTS (SELECT 1 FROM evaluation e WHERE e.evaluation_id = subject_id))
  WITH CHECK (EXISTS (SELECT 1 FROM evaluation e WHERE e.evaluation_id = subject_id));
CREATE POLICY staff_place ON entry_text TO haochaping_staff
  USING (EXISTS (SELECT 1 FROM evaluation e WHERE e.evaluation_id = subject_id))
  WITH CHECK (EXISTS (SELECT 1 FROM evaluation e WHERE e.evaluation_id = subject_id));
CREATE POLICY staff_place ON evidence_file TO haochaping_staff
  USING (EXISTS (SELECT 1 FROM evaluation e WHERE e.evaluation_id = evidence_file.evaluation_id))
  WITH CHECK (EXISTS (SELECT 1 FROM evaluation e WHERE e.evaluation_id = evidence_file.evaluation_id));

-- What a rating costs on its way in.

-- Most people are known by one of the two or by neither, and nobody is looked up by what is not there.
DROP INDEX personal_data_phone;
CREATE INDEX personal_data_phone ON personal_data (phone_index) WHERE phone_index IS NOT NULL;
DROP INDEX personal_data_id_number;
CREATE INDEX personal_data_id_number ON personal_data (id_number_index) WHERE id_number_index IS NOT NULL;

-- As before, but each look is one by key whatever the planner knows of the tables: an EXISTS it may also answer by reading
-- all ratings there are, which it does while the tables are new and not analysed, and takes longer with each rating.
CREATE OR REPLACE VIEW rateable AS
  SELECT i.secret_hash, i.expires_at, v.evaluation_id, v.visit_id, v.affair_number, v.affair_name, v.stage, v.on_site,
    v.item_code, v.item_name, v.organization_id, v.organization_path, v.region_code, v.hall_code, v.window_code,
    v.staff_number, v.platform_code, v.served_at,
    coalesce((SELECT true FROM evaluation e WHERE e.evaluation_id = i.evaluation_id), false) AS rated,
    coalesce((SELECT true FROM personal_data p WHERE p.evaluation_id = i.evaluation_id AND p.phone IS NOT NULL LIMIT 1), false)
      AS applicant_known
  FROM invitation i JOIN visit v ON v.evaluation_id = i.evaluation_id AND v.visit_id = i.visit_id;

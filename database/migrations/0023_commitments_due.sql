-- The commitment register is read by what is due first: what is not done yet before what is, each by the promised day.
-- Those of a period and a place are told from the index alone.
CREATE INDEX commitment_due ON commitment ((completed_at IS NOT NULL), promised_on, entry_id)
  INCLUDE (promised_at, organization_path, region_code, extensions, completed_at, staff_number);

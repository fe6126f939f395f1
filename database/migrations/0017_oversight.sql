-- Orders and appeals warn before they are late: when the clock-keeper must look at one next, derived from its clock at
-- every write. What is under way is looked at at once.
ALTER TABLE appeal ADD COLUMN next_alarm_at timestamptz;
ALTER TABLE supervision_order ADD COLUMN next_alarm_at timestamptz;
UPDATE appeal SET next_alarm_at = filed_at WHERE state IN ('filed', 'reexamination_filed');
UPDATE supervision_order SET next_alarm_at = issued_at WHERE state IN ('issued', 'returned');
CREATE INDEX appeal_alarm ON appeal (next_alarm_at, evaluation_id) WHERE next_alarm_at IS NOT NULL;
CREATE INDEX supervision_order_alarm ON supervision_order (next_alarm_at, evaluation_id, order_id)
  WHERE next_alarm_at IS NOT NULL;

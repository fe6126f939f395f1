-- What waits for an authority is found by the organisations it decides for, and what counts as lateness by itself, so
-- that both lists stay quick with a million cases.
CREATE INDEX rectification_case_decided_for ON rectification_case (organization_id, next_due_at)
  WHERE state IN ('rejection_proposed', 'transfer_proposed', 'reopened') OR extension_status = 'requested';
CREATE INDEX rectification_case_late ON rectification_case (next_due_at, evaluation_id) WHERE overdue;

-- Pages of the work queue stay quick with a million cases: by region, and what waits for one's own hand.
CREATE INDEX rectification_case_region ON rectification_case (region_code, next_due_at, evaluation_id) WHERE state <> 'closed';
CREATE INDEX rectification_case_closed_region ON rectification_case (region_code, closed_at DESC, evaluation_id DESC)
  WHERE state = 'closed';
CREATE INDEX rectification_case_to_sign ON rectification_case (organization_id, next_due_at) WHERE state = 'to_sign';
CREATE INDEX rectification_case_to_decide ON rectification_case (organization_path)
  WHERE state IN ('rejection_proposed', 'transfer_proposed', 'reopened') OR extension_status = 'requested';
-- What the counts of the queue are made of, without a look at the rows themselves.
CREATE INDEX rectification_case_counted ON rectification_case
  (state, next_due_key, next_due_at, organization_path, organization_id, verifier_id, extension_status)
  WHERE state <> 'closed';

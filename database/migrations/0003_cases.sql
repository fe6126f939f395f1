-- Cases opened by negative ratings. The row is the present state, derived from the journal; the history
-- is the journal itself.

-- kind: fact
CREATE TABLE rectification_case (
  evaluation_id     uuid NOT NULL,
  case_id           uuid NOT NULL,
  case_number       text NOT NULL,
  state             text NOT NULL,
  round             integer NOT NULL DEFAULT 1,
  level             smallint NOT NULL,
  real_name         boolean NOT NULL,
  do_not_contact    boolean NOT NULL,
  contacted         boolean NOT NULL DEFAULT false,
  replied           boolean NOT NULL DEFAULT false,
  rejection_reason  text CHECK (rejection_reason IN ('mistaken', 'malicious')),
  rejected          boolean NOT NULL DEFAULT false,
  outcome           text CHECK (outcome IN ('solved', 'no_answer', 'not_adopted')),
  item_code         text NOT NULL,
  organization_id   text NOT NULL,
  organization_path text NOT NULL,
  region_code       text NOT NULL,
  staff_number      text NOT NULL DEFAULT '',
  verifier_id       uuid,
  promised_on       date,
  opened_at         timestamptz NOT NULL,
  state_since       timestamptz NOT NULL,
  round_since       timestamptz NOT NULL,
  due_at            timestamptz,
  due_provisional   boolean NOT NULL DEFAULT false,
  due_arithmetic    jsonb,
  overdue           boolean NOT NULL DEFAULT false,
  ever_overdue      boolean NOT NULL DEFAULT false,
  rectified_at      timestamptz,
  closed_at         timestamptz,
  version           integer NOT NULL DEFAULT 1,
  PRIMARY KEY (evaluation_id, case_id)
);
CREATE INDEX rectification_case_due ON rectification_case (due_at) WHERE state <> 'closed';
CREATE INDEX rectification_case_path ON rectification_case (organization_path text_pattern_ops, due_at);
CREATE INDEX rectification_case_closed ON rectification_case (closed_at DESC) WHERE state = 'closed';

-- kind: fact
CREATE TABLE evidence_file (
  evaluation_id uuid NOT NULL,
  file_id       uuid NOT NULL,
  digest        text NOT NULL,
  name          text NOT NULL,
  media_type    text NOT NULL,
  size          integer NOT NULL,
  uploaded_by   uuid NOT NULL,
  uploaded_at   timestamptz NOT NULL,
  PRIMARY KEY (evaluation_id, file_id)
);

-- kind: fact
-- What was sent to whom. The body never holds a secret link: '{link}' stands where the provider puts it.
CREATE TABLE outbound_message (
  evaluation_id uuid NOT NULL,
  message_id    uuid NOT NULL,
  medium        text NOT NULL,
  template      text NOT NULL,
  body          text NOT NULL,
  recipient     text NOT NULL,
  status        text NOT NULL CHECK (status IN ('queued', 'sent', 'failed', 'no_recipient')),
  created_at    timestamptz NOT NULL,
  sent_at       timestamptz,
  organization_path text NOT NULL,
  PRIMARY KEY (evaluation_id, message_id)
);
CREATE INDEX outbound_message_created ON outbound_message (created_at DESC);
CREATE INDEX outbound_message_queued ON outbound_message (created_at) WHERE status = 'queued';

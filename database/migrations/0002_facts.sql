-- The facts. Each is distributed by evaluation_id (journal rows by subject_id, which is the
-- evaluation_id of what they belong to), the first column of every key.

-- kind: fact
CREATE TABLE visit (
  evaluation_id     uuid NOT NULL,
  visit_id          uuid NOT NULL,
  source            text NOT NULL,
  affair_number     text NOT NULL,
  affair_name       text NOT NULL,
  visit_number      integer NOT NULL,
  stage             text NOT NULL,
  on_site           boolean NOT NULL,
  item_code         text NOT NULL,
  item_name         text NOT NULL,
  organization_id   text NOT NULL,
  organization_path text NOT NULL,
  region_code       text NOT NULL,
  hall_code         text NOT NULL DEFAULT '',
  window_code       text NOT NULL DEFAULT '',
  staff_number      text NOT NULL DEFAULT '',
  platform_code     text NOT NULL DEFAULT '',
  applicant_type    text NOT NULL,
  served_at         timestamptz NOT NULL,
  applied_at        timestamptz,
  accepted_at       timestamptz,
  finished_at       timestamptz,
  reported_at       timestamptz NOT NULL,
  entry_id          uuid NOT NULL,
  digest            bytea NOT NULL,
  PRIMARY KEY (evaluation_id, visit_id)
);
CREATE INDEX visit_served ON visit (served_at);

-- kind: fact
-- Personal data, sealed field by field; the only table that holds any. owner_id is a visit_id or an
-- evaluation_id. Look-ups go through the keyed indexes.
CREATE TABLE personal_data (
  evaluation_id   uuid NOT NULL,
  owner_id        uuid NOT NULL,
  kek_id          text NOT NULL,
  wrapped_key     bytea NOT NULL,
  name            bytea,
  id_number       bytea,
  phone           bytea,
  phone_index     bytea,
  id_number_index bytea,
  salt            bytea NOT NULL,
  PRIMARY KEY (evaluation_id, owner_id)
);
CREATE INDEX personal_data_phone ON personal_data (phone_index);
CREATE INDEX personal_data_id_number ON personal_data (id_number_index);

-- kind: fact
CREATE TABLE invitation (
  evaluation_id uuid NOT NULL,
  secret_hash   bytea NOT NULL,
  visit_id      uuid NOT NULL,
  issued_at     timestamptz NOT NULL,
  expires_at    timestamptz NOT NULL,
  PRIMARY KEY (evaluation_id, secret_hash)
);

-- kind: fact
-- evaluation_id is derived from what may be rated once, so the primary key refuses the second rating.
CREATE TABLE evaluation (
  evaluation_id     uuid PRIMARY KEY,
  visit_id          uuid NOT NULL,
  submission_id     uuid NOT NULL,
  receipt_number    text NOT NULL,
  level             smallint NOT NULL CHECK (level BETWEEN 1 AND 5),
  hall_level        smallint CHECK (hall_level BETWEEN 1 AND 5),
  option_version    text NOT NULL,
  option_codes      text[] NOT NULL,
  has_words         boolean NOT NULL,
  real_name         boolean NOT NULL,
  do_not_contact    boolean NOT NULL,
  channel           smallint NOT NULL CHECK (channel BETWEEN 1 AND 7),
  on_site           boolean NOT NULL,
  stage             text NOT NULL,
  item_code         text NOT NULL,
  organization_id   text NOT NULL,
  organization_path text NOT NULL,
  region_code       text NOT NULL,
  hall_code         text NOT NULL,
  window_code       text NOT NULL,
  staff_number      text NOT NULL,
  platform_code     text NOT NULL,
  submitted_at      timestamptz NOT NULL,
  entry_id          uuid NOT NULL,
  digest            bytea NOT NULL
);
CREATE INDEX evaluation_path ON evaluation (organization_path text_pattern_ops, submitted_at DESC);
CREATE INDEX evaluation_submitted ON evaluation (submitted_at DESC);

-- kind: fact
-- Append-only record of all that happened: outbox, audit trail, source of statistics, leaves of the log.
CREATE TABLE journal_entry (
  subject_id  uuid NOT NULL,
  entry_id    uuid NOT NULL,
  kind        text NOT NULL,
  recorded_at timestamptz NOT NULL,
  actor       text NOT NULL,
  payload     jsonb NOT NULL,
  PRIMARY KEY (subject_id, entry_id)
);

-- kind: fact
-- Free text of an entry (a citizen's words, a reply). The journal keeps its salted commitment only, so
-- erasing this row erases the words while the log still proves what it proved.
CREATE TABLE entry_text (
  subject_id uuid NOT NULL,
  entry_id   uuid NOT NULL,
  salt       bytea NOT NULL,
  content    jsonb NOT NULL,
  PRIMARY KEY (subject_id, entry_id)
);

-- kind: fact
-- Entries that wait for the sealer, who takes those first that have waited longest.
CREATE TABLE journal_pending (
  subject_id uuid NOT NULL,
  entry_id   uuid NOT NULL,
  since      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (subject_id, entry_id)
);
CREATE INDEX journal_pending_since ON journal_pending (since);

-- kind: local
CREATE TABLE ledger_leaf (
  position   bigint PRIMARY KEY,
  subject_id uuid NOT NULL,
  entry_id   uuid NOT NULL,
  leaf_hash  bytea NOT NULL,
  UNIQUE (subject_id, entry_id)
);

-- kind: local
-- Hashes of complete subtrees above the leaves (level >= 1).
CREATE TABLE ledger_node (
  level smallint NOT NULL,
  index bigint NOT NULL,
  hash  bytea NOT NULL,
  PRIMARY KEY (level, index)
);

-- kind: local
CREATE TABLE ledger_checkpoint (
  size      bigint PRIMARY KEY,
  root      bytea NOT NULL,
  issued_at timestamptz NOT NULL,
  key_id    text NOT NULL,
  body      text NOT NULL,
  signature bytea NOT NULL
);

-- kind: local
CREATE TABLE consumer_cursor (
  consumer text PRIMARY KEY,
  position bigint NOT NULL
);

-- kind: local
CREATE TABLE partner_nonce (
  key_id  text NOT NULL,
  nonce   text NOT NULL,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (key_id, nonce)
);
CREATE INDEX partner_nonce_seen ON partner_nonce (seen_at);

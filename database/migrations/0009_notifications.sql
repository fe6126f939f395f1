-- How messages get to people: what has become of each, every attempt, who wants them and where, the words they are
-- made of, and the inbox of officials.

ALTER TABLE outbound_message DROP CONSTRAINT outbound_message_status_check;
-- 'failed' used to be the end and is now a pause before the next attempt; 'no_recipient' is now a reason.
ALTER TABLE outbound_message
  ADD COLUMN step             integer NOT NULL DEFAULT 0,
  ADD COLUMN reason           text NOT NULL DEFAULT '',
  ADD COLUMN template_version integer NOT NULL DEFAULT 0,
  ADD COLUMN title            text NOT NULL DEFAULT '',
  ADD COLUMN params           jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN region_code      text NOT NULL DEFAULT '',
  ADD COLUMN account_id       uuid,
  ADD COLUMN address_index    bytea,
  ADD COLUMN attempts         integer NOT NULL DEFAULT 0,
  ADD COLUMN tries_left       integer NOT NULL DEFAULT 12,
  ADD COLUMN next_attempt_at  timestamptz,
  ADD COLUMN lease_until      timestamptz,
  ADD COLUMN remind_at        timestamptz;
UPDATE outbound_message SET
  step = CASE status WHEN 'queued' THEN 0 ELSE 1 END,
  next_attempt_at = CASE status WHEN 'queued' THEN created_at END,
  reason = CASE status WHEN 'no_recipient' THEN 'no_recipient' WHEN 'failed' THEN 'not-taken' ELSE '' END,
  status = CASE status WHEN 'no_recipient' THEN 'suppressed' WHEN 'failed' THEN 'dead' ELSE status END;
ALTER TABLE outbound_message
  ADD CONSTRAINT outbound_message_status_check
    CHECK (status IN ('queued', 'sending', 'sent', 'failed', 'dead', 'suppressed'));
DROP INDEX outbound_message_queued;
-- What the couriers look for: due, or held by a courier that did not come back.
CREATE INDEX outbound_message_due ON outbound_message (coalesce(lease_until, next_attempt_at))
  WHERE status IN ('queued', 'failed', 'sending');
CREATE INDEX outbound_message_reminder ON outbound_message (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX outbound_message_address ON outbound_message (address_index, sent_at) WHERE address_index IS NOT NULL;
CREATE INDEX outbound_message_id ON outbound_message (message_id);
CREATE INDEX outbound_message_status ON outbound_message (status, created_at DESC) WHERE status IN ('dead', 'failed', 'suppressed');

-- kind: fact
-- Every time a message was handed to a carrier, and what the carrier said: a code, never its words.
CREATE TABLE message_attempt (
  evaluation_id uuid NOT NULL,
  message_id    uuid NOT NULL,
  attempt       integer NOT NULL,
  carrier       text NOT NULL,
  outcome       text NOT NULL CHECK (outcome IN ('taken', 'refused', 'failed', 'lost')),
  code          text NOT NULL DEFAULT '',
  reference     text NOT NULL DEFAULT '',
  at            timestamptz NOT NULL,
  PRIMARY KEY (evaluation_id, message_id, attempt)
);

-- kind: fact
-- Where a citizen asked to be told, besides the telephone the business system reported. Sealed like all that is personal.
CREATE TABLE message_channel (
  evaluation_id uuid NOT NULL,
  channel_id    uuid NOT NULL,
  medium        text NOT NULL CHECK (medium IN ('email', 'wechat')),
  kek_id        text NOT NULL,
  wrapped_key   bytea NOT NULL,
  address       bytea NOT NULL,
  address_index bytea NOT NULL,
  entry_id      uuid NOT NULL,
  created_at    timestamptz NOT NULL,
  PRIMARY KEY (evaluation_id, channel_id)
);

-- kind: fact
-- Who wants no more messages, by keyed index of the address; subject_id follows from the index. The newest row holds.
CREATE TABLE message_opt_out (
  subject_id uuid NOT NULL,
  entry_id   uuid NOT NULL,
  opted_out  boolean NOT NULL,
  via        text NOT NULL,
  at         timestamptz NOT NULL,
  PRIMARY KEY (subject_id, entry_id)
);

-- kind: reference
-- The words of messages where they were changed; version 0 is what the program brings.
CREATE TABLE message_template (
  key          text NOT NULL,
  medium       text NOT NULL CHECK (medium IN ('sms', 'email', 'wechat', 'inbox')),
  version      integer NOT NULL CHECK (version > 0),
  title        text NOT NULL DEFAULT '',
  body         text NOT NULL,
  carrier_code text NOT NULL DEFAULT '',
  changed_by   text NOT NULL,
  changed_at   timestamptz NOT NULL,
  PRIMARY KEY (key, medium, version)
);

-- kind: local
-- What officials are told in the console; made from the journal, only the mark of having been read is their own.
CREATE TABLE inbox_item (
  account_id        uuid NOT NULL,
  item_id           uuid NOT NULL,
  template          text NOT NULL,
  title             text NOT NULL,
  body              text NOT NULL,
  path              text NOT NULL,
  urgent            boolean NOT NULL,
  organization_path text NOT NULL,
  created_at        timestamptz NOT NULL,
  read_at           timestamptz,
  PRIMARY KEY (account_id, item_id)
);
CREATE INDEX inbox_item_newest ON inbox_item (account_id, created_at DESC);
CREATE INDEX inbox_item_unread ON inbox_item (account_id) WHERE read_at IS NULL;

-- kind: local
-- Officials who want their notices by e-mail as well.
CREATE TABLE account_notice (
  account_id uuid PRIMARY KEY REFERENCES account (account_id),
  email      text NOT NULL
);

-- What happened before there was an inbox is nobody's news.
INSERT INTO consumer_cursor (consumer, position)
  SELECT 'inbox', max(position) + 1 FROM ledger_leaf HAVING count(*) > 0 ON CONFLICT DO NOTHING;

GRANT SELECT ON message_attempt, message_channel, message_opt_out, message_template, inbox_item, account_notice TO haochaping_system;
GRANT INSERT ON message_attempt, message_channel, message_opt_out, message_template TO haochaping_system;
GRANT INSERT, UPDATE, DELETE ON inbox_item, account_notice TO haochaping_system;
GRANT SELECT ON message_attempt TO haochaping_staff;

ALTER TABLE message_attempt ENABLE ROW LEVEL SECURITY;
ALTER TABLE message_channel ENABLE ROW LEVEL SECURITY;
ALTER TABLE message_opt_out ENABLE ROW LEVEL SECURITY;
CREATE POLICY system_all ON message_attempt TO haochaping_system USING (true) WITH CHECK (true);
CREATE POLICY system_all ON message_channel TO haochaping_system USING (true) WITH CHECK (true);
CREATE POLICY system_all ON message_opt_out TO haochaping_system USING (true) WITH CHECK (true);
CREATE POLICY staff_place ON message_attempt TO haochaping_staff
  USING (EXISTS (SELECT 1 FROM outbound_message m
    WHERE m.evaluation_id = message_attempt.evaluation_id AND m.message_id = message_attempt.message_id));

-- Who may come in.

-- kind: local
CREATE TABLE account (
  account_id           uuid PRIMARY KEY,
  username             text NOT NULL UNIQUE,
  display_name         text NOT NULL,
  password_hash        text NOT NULL,
  role                 text NOT NULL CHECK (role IN ('window_staff', 'handler', 'organization_head', 'district_authority', 'city_authority', 'auditor', 'system_administrator')),
  organization_id      text NOT NULL REFERENCES organization (id),
  staff_number         text REFERENCES staff_member (number),
  active               boolean NOT NULL DEFAULT true,
  failed_attempts      integer NOT NULL DEFAULT 0,
  locked_until         timestamptz,
  must_change_password boolean NOT NULL DEFAULT true,
  demo                 boolean NOT NULL DEFAULT false,
  created_at           timestamptz NOT NULL,
  CHECK (role <> 'window_staff' OR staff_number IS NOT NULL)
);

-- kind: local
-- The cookie carries the secret; only its SM3 is stored.
CREATE TABLE session (
  secret_hash  bytea PRIMARY KEY,
  account_id   uuid NOT NULL REFERENCES account (account_id),
  csrf_token   text NOT NULL,
  created_at   timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL
);
CREATE INDEX session_account ON session (account_id);

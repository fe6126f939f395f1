-- The directory: who is evaluated, what they do, by which numbers they are judged.
-- Every table here is of kind `reference`: small, copied to every node of a cluster.

-- kind: reference
CREATE TABLE region (
  code        text PRIMARY KEY CHECK (code ~ '^[0-9A-Z]{12}$'),
  parent_code text REFERENCES region (code),
  name        text NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('city', 'district', 'county', 'zone', 'local_zone')),
  official    boolean NOT NULL,
  note        text NOT NULL DEFAULT '',
  version     integer NOT NULL DEFAULT 1
);

-- kind: reference
-- path is '/ccs/220102/220102-zsj/': ids from the root, so that "below this place" is a prefix.
CREATE TABLE organization (
  id                 text PRIMARY KEY CHECK (id ~ '^[a-z0-9-]{1,64}$'),
  parent_id          text REFERENCES organization (id),
  path               text NOT NULL UNIQUE,
  name               text NOT NULL,
  short_name         text NOT NULL,
  kind               text NOT NULL,
  region_code        text NOT NULL REFERENCES region (code),
  uscc               text NOT NULL DEFAULT '',
  is_management_body boolean NOT NULL DEFAULT false,
  sort               integer NOT NULL DEFAULT 0,
  active             boolean NOT NULL DEFAULT true,
  version            integer NOT NULL DEFAULT 1
);
CREATE INDEX organization_parent ON organization (parent_id);

-- kind: reference
CREATE TABLE hall (
  code            text PRIMARY KEY,
  name            text NOT NULL,
  organization_id text NOT NULL REFERENCES organization (id),
  region_code     text NOT NULL REFERENCES region (code),
  address         text NOT NULL DEFAULT '',
  opening_hours   text NOT NULL DEFAULT '',
  saturday_open   boolean NOT NULL DEFAULT false,
  active          boolean NOT NULL DEFAULT true,
  version         integer NOT NULL DEFAULT 1
);

-- kind: reference
CREATE TABLE service_window (
  code            text PRIMARY KEY,
  hall_code       text NOT NULL REFERENCES hall (code),
  name            text NOT NULL,
  organization_id text NOT NULL REFERENCES organization (id),
  sort            integer NOT NULL DEFAULT 0,
  active          boolean NOT NULL DEFAULT true,
  version         integer NOT NULL DEFAULT 1
);
CREATE INDEX service_window_hall ON service_window (hall_code);

-- kind: reference
CREATE TABLE platform (
  code            text PRIMARY KEY,
  name            text NOT NULL,
  kind            text NOT NULL CHECK (kind IN ('business_system', 'hotline', 'mobile', 'self_service', 'web')),
  organization_id text NOT NULL REFERENCES organization (id),
  url             text NOT NULL DEFAULT '',
  active          boolean NOT NULL DEFAULT true,
  version         integer NOT NULL DEFAULT 1
);

-- kind: reference
CREATE TABLE staff_member (
  number          text PRIMARY KEY,
  display_name    text NOT NULL,
  organization_id text NOT NULL REFERENCES organization (id),
  window_code     text REFERENCES service_window (code),
  sample          boolean NOT NULL DEFAULT false,
  active          boolean NOT NULL DEFAULT true,
  version         integer NOT NULL DEFAULT 1
);

-- kind: reference
-- Codes are text without a length: published code lengths disagree (field of use decides, R2).
CREATE TABLE service_item (
  code               text PRIMARY KEY,
  handling_item_code text NOT NULL DEFAULT '',
  name               text NOT NULL,
  kind               text NOT NULL,
  organization_id    text NOT NULL REFERENCES organization (id),
  level              text NOT NULL,
  applicant_type     text NOT NULL DEFAULT '',
  promise_kind       text NOT NULL DEFAULT '',
  statutory_days     integer,
  promise_days       integer,
  visits_needed      integer,
  fee                boolean NOT NULL DEFAULT false,
  legal_basis        text NOT NULL DEFAULT '',
  online             boolean NOT NULL DEFAULT false,
  sample             boolean NOT NULL DEFAULT false,
  active             boolean NOT NULL DEFAULT true,
  version            integer NOT NULL DEFAULT 1
);
CREATE INDEX service_item_organization ON service_item (organization_id);

-- kind: reference
-- All elements of a guide that R2 demands.
CREATE TABLE service_guide (
  item_code           text PRIMARY KEY REFERENCES service_item (code),
  accepting_body      text NOT NULL,
  channels            text NOT NULL,
  conditions          text NOT NULL,
  materials           text NOT NULL,
  process             text NOT NULL,
  time_limit          text NOT NULL,
  fee_basis           text NOT NULL,
  fee_standard        text NOT NULL,
  evaluation_channels text NOT NULL,
  phone               text NOT NULL DEFAULT '',
  sample              boolean NOT NULL DEFAULT false,
  version             integer NOT NULL DEFAULT 1
);

-- kind: reference
-- Every version a catalog row ever had, who made it, and when. Insert only.
CREATE TABLE catalog_version (
  entity     text NOT NULL,
  key        text NOT NULL,
  version    integer NOT NULL,
  content    jsonb NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (entity, key, version)
);

-- kind: reference
CREATE TABLE evaluation_option (
  scheme  text NOT NULL,
  version text NOT NULL,
  level   smallint NOT NULL CHECK (level BETWEEN 1 AND 5),
  code    text NOT NULL,
  label   text NOT NULL,
  folded  boolean NOT NULL,
  in_use  boolean NOT NULL,
  PRIMARY KEY (scheme, version, code)
);

-- kind: reference
CREATE TABLE calendar_year (
  year      integer PRIMARY KEY,
  source    text NOT NULL,
  loaded_at timestamptz NOT NULL
);

-- kind: reference
CREATE TABLE calendar_day (
  day  date PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('holiday', 'workday')),
  name text NOT NULL DEFAULT '',
  year integer NOT NULL REFERENCES calendar_year (year)
);

-- kind: reference
-- Every number a rule needs. A change is a new version valid from a date; rows are never edited.
CREATE TABLE policy (
  key         text NOT NULL,
  region_code text NOT NULL REFERENCES region (code),
  version     integer NOT NULL,
  value       integer NOT NULL,
  unit        text NOT NULL,
  valid_from  timestamptz NOT NULL,
  source      text NOT NULL DEFAULT '',
  note        text NOT NULL DEFAULT '',
  changed_by  text NOT NULL DEFAULT 'import',
  PRIMARY KEY (key, region_code, version)
);

-- kind: reference
-- A business system that may report visits. Its secret is sealed under the key-encryption key.
CREATE TABLE partner_key (
  key_id        text PRIMARY KEY,
  source        text NOT NULL,
  name          text NOT NULL,
  kek_id        text NOT NULL,
  wrapped_key   bytea NOT NULL,
  sealed_secret bytea NOT NULL,
  active        boolean NOT NULL DEFAULT true,
  created_at    timestamptz NOT NULL
);

-- kind: local
-- Facts about this installation, such as whether it holds demo data.
CREATE TABLE deployment (
  key   text PRIMARY KEY,
  value text NOT NULL
);

-- Rollups and the public record, derived from sealed journal entries by their consumers and rebuildable from them.

-- kind: local
-- Everything that is counted, by day and by everything it may be looked at by. Chances to rate stand on the day of
-- the service with channel 0; ratings, and the cases they opened, on the day the rating was given.
CREATE TABLE statistic_daily (
  day                date NOT NULL,
  organization_id    text NOT NULL,
  organization_path  text NOT NULL,
  region_code        text NOT NULL,
  item_code          text NOT NULL,
  hall_code          text NOT NULL,
  window_code        text NOT NULL,
  staff_number       text NOT NULL,
  channel            smallint NOT NULL,
  visits             integer NOT NULL DEFAULT 0,
  rated              integer NOT NULL DEFAULT 0,
  level_5            integer NOT NULL DEFAULT 0,
  level_4            integer NOT NULL DEFAULT 0,
  level_3            integer NOT NULL DEFAULT 0,
  level_2            integer NOT NULL DEFAULT 0,
  level_1            integer NOT NULL DEFAULT 0,
  hall_5             integer NOT NULL DEFAULT 0,
  hall_4             integer NOT NULL DEFAULT 0,
  hall_3             integer NOT NULL DEFAULT 0,
  hall_2             integer NOT NULL DEFAULT 0,
  hall_1             integer NOT NULL DEFAULT 0,
  real_name          integer NOT NULL DEFAULT 0,
  excluded_mistaken  integer NOT NULL DEFAULT 0,
  excluded_malicious integer NOT NULL DEFAULT 0,
  cases_opened       integer NOT NULL DEFAULT 0,
  cases_adopted      integer NOT NULL DEFAULT 0,
  cases_rectified    integer NOT NULL DEFAULT 0,
  cases_on_time      integer NOT NULL DEFAULT 0,
  cases_closed       integer NOT NULL DEFAULT 0,
  cases_solved       integer NOT NULL DEFAULT 0,
  cases_no_answer    integer NOT NULL DEFAULT 0,
  cases_not_adopted  integer NOT NULL DEFAULT 0,
  cases_reopened     integer NOT NULL DEFAULT 0,
  cases_overdue      integer NOT NULL DEFAULT 0,
  cases_ever_overdue integer NOT NULL DEFAULT 0,
  cases_contactable  integer NOT NULL DEFAULT 0,
  cases_contacted    integer NOT NULL DEFAULT 0,
  PRIMARY KEY (day, organization_id, organization_path, region_code, item_code, hall_code, window_code, staff_number, channel)
);
CREATE INDEX statistic_daily_path ON statistic_daily (organization_path text_pattern_ops, day);

-- kind: local
-- What the statistics consumer must remember of an evaluation, to take back or add to its counts later.
CREATE TABLE statistic_evaluation (
  evaluation_id uuid PRIMARY KEY,
  remembered    jsonb NOT NULL
);

-- kind: local
-- The last entry that the rollups hold.
CREATE TABLE statistic_state (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  position  bigint NOT NULL,
  as_of     timestamptz NOT NULL
);

-- kind: local
-- A closed case as the public reads it: no names, none of the citizen's own words, no staff. `steps` holds what the
-- handling organisation wrote, with phone numbers, ID numbers and names already masked.
CREATE TABLE publication_case (
  case_number       text PRIMARY KEY,
  level             smallint NOT NULL,
  hall_level        smallint,
  options           jsonb NOT NULL,
  item_code         text NOT NULL,
  organization_id   text NOT NULL,
  organization_path text NOT NULL,
  region_code       text NOT NULL,
  rated_at          timestamptz NOT NULL,
  opened_at         timestamptz NOT NULL,
  replied_at        timestamptz,
  closed_at         timestamptz NOT NULL,
  outcome           text NOT NULL CHECK (outcome IN ('solved', 'no_answer', 'not_adopted')),
  rejection_reason  text CHECK (rejection_reason IN ('mistaken', 'malicious')),
  rounds            integer NOT NULL,
  ever_overdue      boolean NOT NULL,
  steps             jsonb NOT NULL
);
CREATE INDEX publication_case_closed ON publication_case (closed_at DESC);

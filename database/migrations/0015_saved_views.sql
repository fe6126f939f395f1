-- kind: local
-- Lists as an official likes to look at them: the filters of a screen under a name of their own.
CREATE TABLE saved_view (
  account_id uuid NOT NULL REFERENCES account (account_id),
  view_id    uuid NOT NULL,
  screen     text NOT NULL,
  name       text NOT NULL,
  query      text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (account_id, view_id),
  UNIQUE (account_id, screen, name)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON saved_view TO haochaping_system;

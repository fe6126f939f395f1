-- Which room a file was given to, and so who decides on its being seen: the case, an appeal, or supervision.
ALTER TABLE evidence_file ADD COLUMN purpose text NOT NULL DEFAULT 'case'
  CHECK (purpose IN ('case', 'appeal', 'supervision'));
-- The content is stored once for all files of the same digest: whether anybody still needs it is asked by digest.
CREATE INDEX evidence_file_digest ON evidence_file (digest);

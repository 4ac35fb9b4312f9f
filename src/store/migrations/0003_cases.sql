-- The register of cases. A case need not have been opened by a document: a
-- call or the case system may have. `program`, `state` and `number` repeat what
-- is searched by; a case of before has no record until the store, when it is
-- next opened, writes what its document says.
ALTER TABLE cases RENAME COLUMN opened_by TO opened_by_document;
ALTER TABLE cases ADD COLUMN opened_by TEXT REFERENCES documents (reference);
UPDATE cases SET opened_by = opened_by_document;
ALTER TABLE cases DROP COLUMN opened_by_document;

ALTER TABLE cases ADD COLUMN state TEXT NOT NULL DEFAULT 'open';
ALTER TABLE cases ADD COLUMN record TEXT;   -- decide::register::CaseRecord
ALTER TABLE cases ADD COLUMN number TEXT;   -- the case system's own
ALTER TABLE cases ADD COLUMN imported TEXT; -- digest of the row it was last told by
CREATE UNIQUE INDEX cases_by_number ON cases (number);
CREATE INDEX cases_by_state ON cases (state, opened_at);
CREATE INDEX cases_by_age ON cases (opened_at);
CREATE INDEX documents_by_case ON documents (case_ref);

-- By what the cases of a document are found (decide::register::CaseKeys). The
-- newest of a key lie together, so that a look-up stops after a few.
CREATE TABLE case_keys (
    kind      TEXT NOT NULL,
    value     TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    case_ref  TEXT NOT NULL REFERENCES cases (reference) ON DELETE CASCADE,
    PRIMARY KEY (kind, value, opened_at, case_ref)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_keys_by_case ON case_keys (case_ref);

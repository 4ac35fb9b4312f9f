-- What was decided of a document, each time: by the machine, or by a person. Rows
-- are added, never changed; the document points at what the newest says.
CREATE TABLE decisions (
    document    TEXT NOT NULL REFERENCES documents (reference),
    sequence    INTEGER NOT NULL,          -- from 1
    at          INTEGER NOT NULL,
    author      TEXT NOT NULL,             -- intake, or the name a person signs with
    kind        TEXT NOT NULL,             -- store::DecisionKind
    inputs      TEXT,                      -- decide::recorded::Inputs; none where a person decided
    disposition TEXT NOT NULL,             -- decide::disposition::Disposition
    case_ref    TEXT,
    closed      TEXT,                      -- store::Closing
    changes     TEXT NOT NULL,             -- names of what changed
    PRIMARY KEY (document, sequence)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER decisions_stay BEFORE UPDATE ON decisions
    BEGIN SELECT RAISE(ABORT, 'decisions are added, never changed'); END;
CREATE TRIGGER decisions_last BEFORE DELETE ON decisions
    BEGIN SELECT RAISE(ABORT, 'decisions are added, never removed'); END;

-- What was decided before decisions were kept, without what it rested on.
INSERT INTO decisions (document, sequence, at, author, kind, disposition, case_ref, changes)
SELECT reference, 1, COALESCE(routed_at, received_at), 'intake', 'decided',
    json_extract(outcome, '$.disposition'), case_ref, '[]'
FROM documents WHERE json_extract(outcome, '$.disposition') IS NOT NULL;

-- Texts of the models that decisions were made with, by their digests.
CREATE TABLE models (
    digest TEXT PRIMARY KEY,
    text   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Who works on which document of a queue.
CREATE TABLE held (
    document TEXT PRIMARY KEY REFERENCES documents (reference),
    by       TEXT NOT NULL,
    since    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Times are milliseconds since 1970-01-01 UTC. Structured values are JSON, as
-- the stations serialise them; columns repeat only what is searched by.

CREATE TABLE submissions (
    reference   TEXT PRIMARY KEY,
    source      TEXT NOT NULL,
    note        TEXT,
    received_at INTEGER NOT NULL
) STRICT;

CREATE TABLE documents (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    reference   TEXT NOT NULL UNIQUE,
    submission  TEXT NOT NULL REFERENCES submissions (reference),
    received    TEXT NOT NULL,             -- receive::received::Received
    received_at INTEGER NOT NULL,
    sha256      TEXT NOT NULL,
    stage       TEXT NOT NULL,
    lane        TEXT NOT NULL,
    inventory   TEXT,                      -- decode::pages::Inventory
    flagged_at  INTEGER,
    outcome     TEXT,                      -- store::Outcome
    queue       TEXT,
    case_ref    TEXT REFERENCES cases (reference),
    path        TEXT,
    routed_at   INTEGER
) STRICT;
CREATE INDEX documents_by_stage ON documents (stage);
CREATE INDEX documents_by_queue ON documents (queue, received_at);

CREATE TABLE pages (
    document   TEXT NOT NULL REFERENCES documents (reference),
    number     INTEGER NOT NULL,
    recognized TEXT NOT NULL,              -- recognize::recognized::RecognizedPage
    models     TEXT NOT NULL,              -- digest of the recognition models
    took_ms    TEXT NOT NULL,              -- store::PageTiming
    PRIMARY KEY (document, number)
) STRICT, WITHOUT ROWID;

-- One row for each thing still to be done. A worker leases a row; the fence
-- counts leases, so that a worker that lost its lease cannot finish the row.
CREATE TABLE work (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    document     TEXT NOT NULL REFERENCES documents (reference),
    seq          INTEGER NOT NULL,         -- of the document: first come
    kind         TEXT NOT NULL,
    page         INTEGER NOT NULL DEFAULT 0,
    rank         INTEGER NOT NULL,
    available_at INTEGER NOT NULL,
    attempts     INTEGER NOT NULL DEFAULT 0,
    leased_until INTEGER,
    fence        INTEGER NOT NULL DEFAULT 0,
    UNIQUE (document, kind, page)
) STRICT;
CREATE INDEX work_in_order ON work (rank, seq, page);

-- A file taken from a folder, until it is known to be gone from there; taking
-- it again after a crash finds this row and only removes the file.
CREATE TABLE arrivals (
    source   TEXT NOT NULL,
    identity TEXT NOT NULL,                -- path, size, time and inode
    sha256   TEXT NOT NULL,
    document TEXT NOT NULL REFERENCES documents (reference),
    PRIMARY KEY (source, identity)
) STRICT, WITHOUT ROWID;

CREATE TABLE cases (
    reference TEXT PRIMARY KEY,
    program   TEXT,
    opened_at INTEGER NOT NULL,
    opened_by TEXT NOT NULL REFERENCES documents (reference)
) STRICT;

-- Mail to be sent. `event` names what happened, so that it is told once.
CREATE TABLE outbox (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    document     TEXT NOT NULL REFERENCES documents (reference),
    event        TEXT NOT NULL UNIQUE,
    notice       TEXT NOT NULL,            -- deliver::Notice
    ready        INTEGER NOT NULL,         -- 0 until the document lies in its folder
    available_at INTEGER NOT NULL,
    attempts     INTEGER NOT NULL DEFAULT 0,
    leased_until INTEGER,
    fence        INTEGER NOT NULL DEFAULT 0,
    state        TEXT NOT NULL,            -- waiting, sent, failed
    accepted_at  INTEGER,
    receipt      TEXT
) STRICT;
CREATE INDEX outbox_waiting ON outbox (state, ready, available_at);

-- What happened to a document. Rows are added, never changed.
CREATE TABLE history (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    document TEXT NOT NULL REFERENCES documents (reference),
    at       INTEGER NOT NULL,
    actor    TEXT NOT NULL,
    event    TEXT NOT NULL,
    message  TEXT NOT NULL
) STRICT;
CREATE INDEX history_by_document ON history (document, id);

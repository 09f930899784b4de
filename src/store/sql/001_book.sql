-- The book's state: what was imported, which parts of the ledger count, own prices and rates, journal.
-- Money is decimal text with every digit; days and months are ISO text; moments are UTC text.

CREATE TABLE import (
    id            INTEGER PRIMARY KEY,
    at            TEXT NOT NULL,
    digest        TEXT NOT NULL,               -- of the digests of its files, in order
    mode          TEXT NOT NULL CHECK (mode IN ('new', 'add', 'replace')),
    rows          INTEGER NOT NULL CHECK (rows >= 0),
    records       INTEGER NOT NULL CHECK (records >= 0),   -- of the files; rows may be more (splits)
    billed        TEXT NOT NULL,               -- control totals over all currencies
    effective     TEXT NOT NULL,
    unpriced      INTEGER NOT NULL,            -- rows whose cost is unknown
    rounded       INTEGER NOT NULL,            -- values with more than 18 decimals
    first_day     TEXT,
    last_day      TEXT,
    rules_digest  TEXT NOT NULL,
    program       TEXT NOT NULL,               -- version that wrote it
    note          TEXT,
    replaced_by   INTEGER REFERENCES import (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE import_file (
    import        INTEGER NOT NULL REFERENCES import (id),
    number        INTEGER NOT NULL,            -- 1...: spend rows name it
    path          TEXT NOT NULL,               -- as given
    bytes         INTEGER NOT NULL,
    digest        TEXT NOT NULL,               -- XXH3-128 of its bytes
    importer      TEXT NOT NULL,
    records       INTEGER NOT NULL,
    PRIMARY KEY (import, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_file_digest ON import_file (digest);

-- Which provider, account and billing month an import covers: what a second import would overlap.
CREATE TABLE import_scope (
    import        INTEGER NOT NULL REFERENCES import (id),
    provider      TEXT NOT NULL,
    account       TEXT NOT NULL,
    period        TEXT NOT NULL,               -- 2026-07
    rows          INTEGER NOT NULL,
    billed        TEXT NOT NULL,
    effective     TEXT NOT NULL,
    PRIMARY KEY (import, provider, account, period)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_scope_key ON import_scope (provider, account, period);

-- Immutable files under ledger/. A part counts while retired_at is NULL.
CREATE TABLE part (
    id            INTEGER PRIMARY KEY,
    import        INTEGER NOT NULL REFERENCES import (id),
    name          TEXT NOT NULL UNIQUE,
    rows          INTEGER NOT NULL,
    bytes         INTEGER NOT NULL,
    sha256        TEXT NOT NULL,
    cube_sha256   TEXT NOT NULL,
    billed        TEXT NOT NULL,
    effective     TEXT NOT NULL,
    unpriced      INTEGER NOT NULL,
    first_day     TEXT,
    last_day      TEXT,
    retired_at    TEXT,
    retired_why   TEXT
) STRICT;
CREATE INDEX part_import ON part (import);

CREATE TABLE price_list (
    id            INTEGER PRIMARY KEY,
    at            TEXT NOT NULL,
    name          TEXT NOT NULL,
    sha256        TEXT NOT NULL UNIQUE,
    content       TEXT NOT NULL
) STRICT;

CREATE TABLE rate_list (
    id            INTEGER PRIMARY KEY,
    at            TEXT NOT NULL,
    name          TEXT NOT NULL,
    sha256        TEXT NOT NULL UNIQUE,
    base          TEXT NOT NULL CHECK (length(base) = 3),
    content       TEXT NOT NULL
) STRICT;

-- Months whose actuals are final: what they hold is not repriced or reclassified.
CREATE TABLE closed_month (
    month         TEXT PRIMARY KEY,
    at            TEXT NOT NULL,
    note          TEXT
) STRICT, WITHOUT ROWID;

-- Append-only; each entry's hash covers the one before it.
CREATE TABLE journal (
    id            INTEGER PRIMARY KEY,
    at            TEXT NOT NULL,
    action        TEXT NOT NULL,
    detail        TEXT NOT NULL,
    previous      TEXT NOT NULL,
    hash          TEXT NOT NULL UNIQUE
) STRICT;
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
BEGIN SELECT RAISE (ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
BEGIN SELECT RAISE (ABORT, 'the journal is append-only'); END;

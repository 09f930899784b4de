-- What keeps names out of the ledger: ingest/payee.h.

-- Keys that never leave the book. 'payee' turns a name into the token that stands for it, so that tokens of
-- two books cannot be compared and nobody can try names without this file.
CREATE TABLE book_key (
    name          TEXT PRIMARY KEY,
    value         TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO book_key (name, value) VALUES ('payee', lower(hex(randomblob(32))));

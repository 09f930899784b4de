-- Reconciliation: where price lists came from, invoices, and which payments belong to which bills.

-- What a price list was before it was brought into our layout; lists in our own layout have no row.
CREATE TABLE price_list_source (
    list          INTEGER PRIMARY KEY REFERENCES price_list (id),
    format        TEXT NOT NULL,               -- litellm, llm-prices, genai-prices, models.dev, portkey
    taken         TEXT NOT NULL,               -- the day it tells of
    sha256        TEXT NOT NULL UNIQUE         -- of the file
) STRICT;

-- Invoices as received: totals to hold the bills against. They are no spend.
CREATE TABLE invoice (
    id            INTEGER PRIMARY KEY,
    at            TEXT NOT NULL,
    file          TEXT NOT NULL,               -- where it is from
    line          INTEGER NOT NULL,
    provider      TEXT NOT NULL,               -- as written
    party         TEXT NOT NULL,               -- the same provider however it is written
    period        TEXT NOT NULL,               -- 2026-07: the month invoiced
    number        TEXT NOT NULL,
    day           TEXT,                        -- of the invoice
    amount        TEXT NOT NULL,               -- total, tax included
    tax           TEXT,                        -- of it; NULL: not said
    currency      TEXT NOT NULL CHECK (length(currency) = 3)
) STRICT;
CREATE UNIQUE INDEX invoice_number ON invoice (party, number);

-- A payment (rows of a general ledger, a bank or a card) that paid for bills which are in the ledger
-- themselves: its rows are not counted a second time.
CREATE TABLE settlement (
    id            INTEGER PRIMARY KEY,
    at            TEXT NOT NULL,
    by_hand       INTEGER NOT NULL CHECK (by_hand IN (0, 1)),
    party         TEXT NOT NULL,
    provider      TEXT NOT NULL,               -- of the bills
    period        TEXT NOT NULL,               -- billing month
    amount        TEXT NOT NULL,               -- of the payment's rows
    billed        TEXT,                        -- of the bills when they were matched; NULL: an invoice alone
    currency      TEXT NOT NULL CHECK (length(currency) = 3),
    why           TEXT NOT NULL,
    undone_at     TEXT                         -- NULL: it holds
) STRICT;

CREATE TABLE settlement_row (
    settlement    INTEGER NOT NULL REFERENCES settlement (id),
    import        INTEGER NOT NULL,
    file          INTEGER NOT NULL,
    row           INTEGER NOT NULL,
    PRIMARY KEY (settlement, import, file, row)
) STRICT, WITHOUT ROWID;
CREATE INDEX settlement_row_place ON settlement_row (import, file, row);

-- Rows that someone took out of a match: never matched again on their own.
CREATE TABLE settlement_never (
    import        INTEGER NOT NULL,
    file          INTEGER NOT NULL,
    row           INTEGER NOT NULL,
    PRIMARY KEY (import, file, row)
) STRICT, WITHOUT ROWID;

-- Tracking: what moved between lines, what is signed, why things differ, what a quarter was closed with,
-- and what was forecast. Written once: what happens to an entry later is an entry of its own.
-- Amounts are decimal text in the plan's currency; months are 2026-07.

CREATE TABLE transfer (
    id            INTEGER PRIMARY KEY,
    at            TEXT NOT NULL,
    by_whom       TEXT NOT NULL,               -- a name or role; empty: not said
    from_path     TEXT NOT NULL,
    to_path       TEXT NOT NULL CHECK (to_path <> from_path),
    month         TEXT NOT NULL,
    amount        TEXT NOT NULL,
    note          TEXT NOT NULL CHECK (length(trim(note)) > 0)
) STRICT;

-- Signed, not yet billed.
CREATE TABLE commitment (
    id            INTEGER PRIMARY KEY,
    at            TEXT NOT NULL,
    by_whom       TEXT NOT NULL,
    path          TEXT NOT NULL,
    amount        TEXT NOT NULL,
    first         TEXT NOT NULL,               -- months in which it will be billed, in equal parts
    last          TEXT NOT NULL CHECK (last >= first),
    note          TEXT NOT NULL CHECK (length(trim(note)) > 0)
) STRICT;
CREATE TABLE commitment_end (
    commitment    INTEGER PRIMARY KEY REFERENCES commitment (id),
    at            TEXT NOT NULL,
    why           TEXT NOT NULL CHECK (why IN ('billed', 'canceled')),
    note          TEXT NOT NULL
) STRICT;

CREATE TABLE explanation (
    id            INTEGER PRIMARY KEY,
    at            TEXT NOT NULL,
    by_whom       TEXT NOT NULL,
    level         TEXT NOT NULL CHECK (level IN ('category', 'initiative', 'line')),
    path          TEXT NOT NULL,
    first         TEXT NOT NULL,               -- months it speaks of
    last          TEXT NOT NULL CHECK (last >= first),
    owner         TEXT NOT NULL CHECK (length(trim(owner)) > 0),
    cause         TEXT NOT NULL CHECK (length(trim(cause)) > 0),
    text          TEXT NOT NULL CHECK (length(trim(text)) > 0)
) STRICT;
CREATE TABLE action (
    id            INTEGER PRIMARY KEY,
    explanation   INTEGER NOT NULL REFERENCES explanation (id),
    text          TEXT NOT NULL CHECK (length(trim(text)) > 0),
    owner         TEXT NOT NULL,
    due           TEXT NOT NULL                -- a day, or empty
) STRICT;
CREATE TABLE action_end (
    action        INTEGER PRIMARY KEY REFERENCES action (id),
    at            TEXT NOT NULL,
    by_whom       TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('done', 'dropped')),
    note          TEXT NOT NULL
) STRICT;

CREATE TABLE forecast (
    id            INTEGER PRIMARY KEY,
    at            TEXT NOT NULL,
    first         TEXT NOT NULL,               -- months of the plan
    last          TEXT NOT NULL,
    through       TEXT NOT NULL,               -- the last month of actuals in it; empty: none
    currency      TEXT NOT NULL,
    budget        TEXT NOT NULL,               -- which plan: "baseline 2", "plan.yaml"
    rows          INTEGER NOT NULL,
    program       TEXT NOT NULL,
    sha256        TEXT NOT NULL
) STRICT;
CREATE TABLE forecast_month (
    forecast      INTEGER NOT NULL REFERENCES forecast (id) DEFERRABLE INITIALLY DEFERRED,
    number        INTEGER NOT NULL,
    level         TEXT NOT NULL CHECK (level IN ('total', 'category', 'initiative', 'line')),
    path          TEXT NOT NULL,
    month         TEXT NOT NULL,               -- 2026-07, or 'year'
    actual        TEXT,
    p10           TEXT,
    p50           TEXT,
    p90           TEXT,
    model         TEXT NOT NULL,
    PRIMARY KEY (forecast, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE review (
    id            INTEGER PRIMARY KEY,
    at            TEXT NOT NULL,
    by_whom       TEXT NOT NULL,
    label         TEXT NOT NULL,               -- FY2027-Q1
    first         TEXT NOT NULL UNIQUE,        -- a quarter is closed once
    last          TEXT NOT NULL,
    budget        TEXT NOT NULL,
    flag_over     TEXT NOT NULL,
    flag_floor    TEXT NOT NULL,
    forecast      INTEGER NOT NULL REFERENCES forecast (id) DEFERRABLE INITIALLY DEFERRED,
    pack          TEXT NOT NULL,               -- the report as it was, JSON
    program       TEXT NOT NULL,
    sha256        TEXT NOT NULL
) STRICT;
-- Written before their review, so that none can be added. A flag that nothing explains keeps the
-- review from being written, whoever writes it.
CREATE TABLE review_row (
    review        INTEGER NOT NULL REFERENCES review (id) DEFERRABLE INITIALLY DEFERRED,
    number        INTEGER NOT NULL,
    level         TEXT NOT NULL CHECK (level IN ('category', 'initiative', 'line')),
    path          TEXT NOT NULL,
    category      TEXT NOT NULL,               -- of a line; may be empty
    initiative    TEXT NOT NULL,
    period        TEXT NOT NULL,               -- 2026-07, or 'ytd'
    actual        TEXT NOT NULL,
    budget        TEXT NOT NULL,
    flag          INTEGER NOT NULL CHECK (flag IN (0, 1)),
    explanation   INTEGER REFERENCES explanation (id),
    by_lines      INTEGER NOT NULL CHECK (by_lines IN (0, 1)), -- explained lines leave no flag
    PRIMARY KEY (review, number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER review_rows_there BEFORE INSERT ON review
WHEN NOT EXISTS (SELECT 1 FROM review_row WHERE review = NEW.id)
BEGIN SELECT RAISE (ABORT, 'a review needs its variances'); END;
CREATE TRIGGER review_explained BEFORE INSERT ON review
WHEN EXISTS (SELECT 1 FROM review_row
             WHERE review = NEW.id AND flag = 1 AND explanation IS NULL AND by_lines = 0)
BEGIN SELECT RAISE (ABORT, 'a flag lacks an explanation'); END;
CREATE TRIGGER review_row_no_late BEFORE INSERT ON review_row
WHEN EXISTS (SELECT 1 FROM review WHERE id = NEW.review)
BEGIN SELECT RAISE (ABORT, 'a closed review does not change'); END;
CREATE TRIGGER forecast_month_no_late BEFORE INSERT ON forecast_month
WHEN EXISTS (SELECT 1 FROM forecast WHERE id = NEW.forecast)
BEGIN SELECT RAISE (ABORT, 'forecasts do not change'); END;
CREATE TRIGGER explanation_no_late BEFORE INSERT ON explanation
WHEN EXISTS (SELECT 1 FROM review WHERE first <= NEW.last AND last >= NEW.last)
BEGIN SELECT RAISE (ABORT, 'that quarter is closed'); END;
CREATE TRIGGER transfer_no_late BEFORE INSERT ON transfer
WHEN EXISTS (SELECT 1 FROM review WHERE first <= NEW.month AND last >= NEW.month)
BEGIN SELECT RAISE (ABORT, 'that quarter is closed'); END;

CREATE TRIGGER transfer_no_update BEFORE UPDATE ON transfer
BEGIN SELECT RAISE (ABORT, 'entries of tracking do not change'); END;
CREATE TRIGGER transfer_no_delete BEFORE DELETE ON transfer
BEGIN SELECT RAISE (ABORT, 'entries of tracking do not change'); END;
CREATE TRIGGER commitment_no_update BEFORE UPDATE ON commitment
BEGIN SELECT RAISE (ABORT, 'entries of tracking do not change'); END;
CREATE TRIGGER commitment_no_delete BEFORE DELETE ON commitment
BEGIN SELECT RAISE (ABORT, 'entries of tracking do not change'); END;
CREATE TRIGGER commitment_end_no_update BEFORE UPDATE ON commitment_end
BEGIN SELECT RAISE (ABORT, 'entries of tracking do not change'); END;
CREATE TRIGGER commitment_end_no_delete BEFORE DELETE ON commitment_end
BEGIN SELECT RAISE (ABORT, 'entries of tracking do not change'); END;
CREATE TRIGGER explanation_no_update BEFORE UPDATE ON explanation
BEGIN SELECT RAISE (ABORT, 'entries of tracking do not change'); END;
CREATE TRIGGER explanation_no_delete BEFORE DELETE ON explanation
BEGIN SELECT RAISE (ABORT, 'entries of tracking do not change'); END;
CREATE TRIGGER action_no_update BEFORE UPDATE ON action
BEGIN SELECT RAISE (ABORT, 'entries of tracking do not change'); END;
CREATE TRIGGER action_no_delete BEFORE DELETE ON action
BEGIN SELECT RAISE (ABORT, 'entries of tracking do not change'); END;
CREATE TRIGGER action_end_no_update BEFORE UPDATE ON action_end
BEGIN SELECT RAISE (ABORT, 'entries of tracking do not change'); END;
CREATE TRIGGER action_end_no_delete BEFORE DELETE ON action_end
BEGIN SELECT RAISE (ABORT, 'entries of tracking do not change'); END;
CREATE TRIGGER forecast_no_update BEFORE UPDATE ON forecast
BEGIN SELECT RAISE (ABORT, 'forecasts do not change'); END;
CREATE TRIGGER forecast_no_delete BEFORE DELETE ON forecast
BEGIN SELECT RAISE (ABORT, 'forecasts do not change'); END;
CREATE TRIGGER forecast_month_no_update BEFORE UPDATE ON forecast_month
BEGIN SELECT RAISE (ABORT, 'forecasts do not change'); END;
CREATE TRIGGER forecast_month_no_delete BEFORE DELETE ON forecast_month
BEGIN SELECT RAISE (ABORT, 'forecasts do not change'); END;
CREATE TRIGGER review_no_update BEFORE UPDATE ON review
BEGIN SELECT RAISE (ABORT, 'a closed review does not change'); END;
CREATE TRIGGER review_no_delete BEFORE DELETE ON review
BEGIN SELECT RAISE (ABORT, 'a closed review does not change'); END;
CREATE TRIGGER review_row_no_update BEFORE UPDATE ON review_row
BEGIN SELECT RAISE (ABORT, 'a closed review does not change'); END;
CREATE TRIGGER review_row_no_delete BEFORE DELETE ON review_row
BEGIN SELECT RAISE (ABORT, 'a closed review does not change'); END;

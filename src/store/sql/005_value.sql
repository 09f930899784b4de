-- What benefits really brought, quarter by quarter. Written once: a correction is a measurement of its own
-- that stands in the place of the old one. Amounts are decimal text in the plan's currency; months are 2026-07.

CREATE TABLE measurement (
    id            INTEGER PRIMARY KEY,
    at            TEXT NOT NULL,
    by_whom       TEXT NOT NULL,               -- a role; who answers for the figure
    benefit       TEXT NOT NULL,               -- initiative.benefit
    first         TEXT NOT NULL,               -- months it measures
    last          TEXT NOT NULL CHECK (last >= first),
    units         TEXT,                        -- NULL: an amount was measured, or nothing could be
    each          TEXT,                        -- what one unit was worth in the budget of that day
    amount        TEXT,                        -- NULL: it could not be measured; never zero then
    currency      TEXT NOT NULL CHECK (length(currency) = 3),
    budget        TEXT NOT NULL,               -- whose benefit: "baseline 1, approved 2026-06-09"
    reason        TEXT NOT NULL,               -- why it could not be measured; empty: it was
    evidence      TEXT NOT NULL,               -- where the figure can be seen
    note          TEXT NOT NULL,
    program       TEXT NOT NULL,
    sha256        TEXT NOT NULL,               -- over all of the above but the number
    CHECK ((amount IS NULL) = (length(trim(reason)) > 0)),
    CHECK ((units IS NULL) = (each IS NULL)),
    CHECK (units IS NULL OR amount IS NOT NULL)
) STRICT;
CREATE INDEX measurement_benefit ON measurement (benefit, first);

-- Why one no longer stands: another in its place, or it was a mistake.
CREATE TABLE measurement_end (
    measurement   INTEGER PRIMARY KEY REFERENCES measurement (id),
    at            TEXT NOT NULL,
    by_whom       TEXT NOT NULL,
    replaced_by   INTEGER REFERENCES measurement (id) DEFERRABLE INITIALLY DEFERRED, -- NULL: withdrawn
    why           TEXT NOT NULL,
    CHECK (replaced_by IS NOT NULL OR length(trim(why)) > 0)
) STRICT;

-- The months of a closed quarter for which a benefit was promised, and what measures each.
-- Written before their review; one that nothing measures keeps the review from being written.
CREATE TABLE review_benefit (
    review        INTEGER NOT NULL REFERENCES review (id) DEFERRABLE INITIALLY DEFERRED,
    number        INTEGER NOT NULL,
    path          TEXT NOT NULL,
    month         TEXT NOT NULL,
    initiative    TEXT NOT NULL,
    projected     TEXT NOT NULL CHECK (CAST(projected AS REAL) > 0),
    measurement   INTEGER REFERENCES measurement (id),
    PRIMARY KEY (review, number),
    UNIQUE (review, path, month)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER measurement_once BEFORE INSERT ON measurement
WHEN EXISTS (SELECT 1 FROM measurement m
             WHERE m.benefit = NEW.benefit AND m.first <= NEW.last AND m.last >= NEW.first
               AND NOT EXISTS (SELECT 1 FROM measurement_end WHERE measurement = m.id))
BEGIN SELECT RAISE (ABORT, 'those months are measured already'); END;
CREATE TRIGGER review_measured BEFORE INSERT ON review
WHEN EXISTS (SELECT 1 FROM review_benefit WHERE review = NEW.id AND measurement IS NULL)
BEGIN SELECT RAISE (ABORT, 'a benefit that is due lacks its measurement'); END;
CREATE TRIGGER review_benefit_measures BEFORE INSERT ON review_benefit
WHEN NEW.measurement IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM measurement m WHERE m.id = NEW.measurement AND m.benefit = NEW.path
       AND m.first <= NEW.month AND m.last >= NEW.month
       AND NOT EXISTS (SELECT 1 FROM measurement_end WHERE measurement = m.id))
BEGIN SELECT RAISE (ABORT, 'that does not measure this benefit in this month'); END;
CREATE TRIGGER review_benefit_no_late BEFORE INSERT ON review_benefit
WHEN EXISTS (SELECT 1 FROM review WHERE id = NEW.review)
BEGIN SELECT RAISE (ABORT, 'a closed review does not change'); END;

CREATE TRIGGER measurement_no_update BEFORE UPDATE ON measurement
BEGIN SELECT RAISE (ABORT, 'measurements do not change'); END;
CREATE TRIGGER measurement_no_delete BEFORE DELETE ON measurement
BEGIN SELECT RAISE (ABORT, 'measurements do not change'); END;
CREATE TRIGGER measurement_end_no_update BEFORE UPDATE ON measurement_end
BEGIN SELECT RAISE (ABORT, 'measurements do not change'); END;
CREATE TRIGGER measurement_end_no_delete BEFORE DELETE ON measurement_end
BEGIN SELECT RAISE (ABORT, 'measurements do not change'); END;
CREATE TRIGGER review_benefit_no_update BEFORE UPDATE ON review_benefit
BEGIN SELECT RAISE (ABORT, 'a closed review does not change'); END;
CREATE TRIGGER review_benefit_no_delete BEFORE DELETE ON review_benefit
BEGIN SELECT RAISE (ABORT, 'a closed review does not change'); END;

-- Baselines: a plan as it was requested or approved, with everything it was computed from. They never
-- change: what happens to one later is an event of its own.

CREATE TABLE baseline (
    id            INTEGER PRIMARY KEY,
    at            TEXT NOT NULL,
    status        TEXT NOT NULL CHECK (status IN ('requested', 'approved')),
    by_whom       TEXT NOT NULL,               -- a name or role; empty: not said
    note          TEXT NOT NULL,
    name          TEXT NOT NULL,               -- of the plan
    currency      TEXT NOT NULL,
    starts        TEXT NOT NULL,               -- 2026-07
    months        INTEGER NOT NULL,
    total         TEXT NOT NULL,               -- two decimals
    prices        TEXT NOT NULL,               -- CSV: what came from the price book
    figures       TEXT NOT NULL,               -- CSV: every computed amount
    program       TEXT NOT NULL,               -- version that wrote it
    sha256        TEXT NOT NULL                -- over all of the above and the files, lengths in front
) STRICT;

-- The texts of the plan and what it includes; written before their baseline, so that none can be added.
CREATE TABLE baseline_file (
    baseline      INTEGER NOT NULL REFERENCES baseline (id) DEFERRABLE INITIALLY DEFERRED,
    number        INTEGER NOT NULL,            -- 1: the plan itself
    path          TEXT NOT NULL,               -- relative to the plan's folder
    content       TEXT NOT NULL,
    PRIMARY KEY (baseline, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE baseline_reopened (
    baseline      INTEGER PRIMARY KEY REFERENCES baseline (id),
    at            TEXT NOT NULL,
    by_whom       TEXT NOT NULL,
    reason        TEXT NOT NULL CHECK (length(reason) > 0)
) STRICT;

CREATE TRIGGER baseline_no_update BEFORE UPDATE ON baseline
BEGIN SELECT RAISE (ABORT, 'baselines never change'); END;
CREATE TRIGGER baseline_no_delete BEFORE DELETE ON baseline
BEGIN SELECT RAISE (ABORT, 'baselines never change'); END;
CREATE TRIGGER baseline_file_no_update BEFORE UPDATE ON baseline_file
BEGIN SELECT RAISE (ABORT, 'baselines never change'); END;
CREATE TRIGGER baseline_file_no_delete BEFORE DELETE ON baseline_file
BEGIN SELECT RAISE (ABORT, 'baselines never change'); END;
CREATE TRIGGER baseline_file_no_late BEFORE INSERT ON baseline_file
WHEN EXISTS (SELECT 1 FROM baseline WHERE id = NEW.baseline)
BEGIN SELECT RAISE (ABORT, 'baselines never change'); END;
CREATE TRIGGER baseline_reopened_no_update BEFORE UPDATE ON baseline_reopened
BEGIN SELECT RAISE (ABORT, 'baselines never change'); END;
CREATE TRIGGER baseline_reopened_no_delete BEFORE DELETE ON baseline_reopened
BEGIN SELECT RAISE (ABORT, 'baselines never change'); END;

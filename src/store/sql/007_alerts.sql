-- What was told to whom, so that nothing is told twice: store/book_alert.h. A delivery that failed is not here.
CREATE TABLE alert (
    id            INTEGER PRIMARY KEY,
    at            TEXT NOT NULL,
    channel       TEXT NOT NULL,               -- SHA-256 of the webhook or file: an address may give access
    kind          TEXT NOT NULL CHECK (kind IN ('over', 'under', 'crossing', 'crossed')),
    path          TEXT NOT NULL,
    period        TEXT NOT NULL,               -- 2026-07, 'ytd 2026-07' (the year's first month), a quarter's first
    amount        TEXT,                        -- of a variance
    day           TEXT,                        -- of a crossing
    CHECK ((amount IS NULL) = (kind IN ('crossing', 'crossed')) AND (amount IS NULL) <> (day IS NULL))
) STRICT;
CREATE INDEX alert_by_channel ON alert (channel, kind, path, period);
CREATE TRIGGER alert_no_update BEFORE UPDATE ON alert
BEGIN SELECT RAISE (ABORT, 'what was sent does not change'); END;
CREATE TRIGGER alert_no_delete BEFORE DELETE ON alert
BEGIN SELECT RAISE (ABORT, 'what was sent does not change'); END;

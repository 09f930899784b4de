"""What every bill of the example is made of: months, noise that never changes, and the truth.

A bill is written twice at the same time: as bytes of the vendor's format, and as rows of truth that
say where each amount belongs. expected.py sums the truth; no arithmetic of outlay is involved.
"""
import datetime
import gzip
import hashlib
import io
from decimal import Decimal, getcontext

getcontext().prec = 60  # every product and sum below is exact

SEED = "example logistics FY2026"
FIRST = datetime.date(2025, 7, 1)
LAST = datetime.date(2026, 6, 30)
DAYS = [FIRST + datetime.timedelta(days=i) for i in range((LAST - FIRST).days + 1)]
MONTHS = sorted({(d.year, d.month) for d in DAYS})
QUARTERS = [MONTHS[i:i + 3] for i in range(0, 12, 3)]
ORG = "Example Logistics"

CATEGORIES = ["infra", "talent", "vendor", "data", "reserve", "not_ai", "review"]
NOT_AI = [(Decimal(1), "not_ai", "")]
REVIEW = [(Decimal(1), "review", "")]


def home(category, line=""):
    """All of a row in one category; `line` is initiative.line, an initiative, or nothing."""
    assert category in CATEGORIES
    return [(Decimal(1), category, line)]


class Truth:
    """One record of a bill: amounts in its own currency and the parts it belongs to."""
    __slots__ = ("day", "provider", "currency", "billed", "effective", "parts", "tokens")

    def __init__(self, day, provider, billed, effective, parts, currency="USD", tokens=None):
        assert sum(p[0] for p in parts) == 1
        self.day = day
        self.provider = provider
        self.currency = currency
        self.billed = billed
        self.effective = effective
        self.parts = parts
        self.tokens = tokens or {}


class Noise:
    """Repeatable numbers by name: adding a series moves no other one."""

    def __init__(self, name):
        self.name = name

    def part(self, key, most):
        """0 <= n < most, the same for the same name and key on every machine."""
        h = hashlib.sha256(("%s/%s/%s" % (SEED, self.name, key)).encode()).digest()
        return int.from_bytes(h[:8], "big") % most

    def factor(self, key, percent):
        """1 +/- percent, in steps of a tenth of a percent."""
        return Decimal(1000 + self.part(key, 20 * percent + 1) - 10 * percent) / 1000

    def hex(self, key, digits):
        h = hashlib.sha256(("%s/%s/%s" % (SEED, self.name, key)).encode()).hexdigest()
        return h[:digits]

    def uuid(self, key):
        h = self.hex(key, 32)
        return "-".join((h[:8], h[8:12], "4" + h[13:16], "a" + h[17:20], h[20:]))


def between(day, start, end):
    """A straight line over the fiscal year from `start` to `end`."""
    share = Decimal((day - FIRST).days) / Decimal(len(DAYS) - 1)
    return Decimal(start) + (Decimal(end) - Decimal(start)) * share


def weekday_share(day, weekend):
    """1 on working days, `weekend` on Saturdays and Sundays, less in the last week of the year."""
    if day.month == 12 and day.day >= 24:
        return Decimal(weekend)
    return Decimal(1) if day.weekday() < 5 else Decimal(weekend)


def rounded(value, decimals):
    return Decimal(value).quantize(Decimal(1).scaleb(-decimals))


def plain(value):
    """A decimal as bills write it: no exponent, no trailing zeros."""
    if value == 0:
        return "0"
    text = format(Decimal(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def month_start(m):
    return datetime.date(m[0], m[1], 1)


def next_month(m):
    return (m[0] + 1, 1) if m[1] == 12 else (m[0], m[1] + 1)


def month_days(m):
    return [d for d in DAYS if (d.year, d.month) == m]


def month_text(m):
    return "%04d-%02d" % m


def packed(text):
    """The same bytes at every run."""
    out = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=out, mtime=0) as f:
        f.write(text.encode())
    return out.getvalue()


def csv_cell(text):
    text = "" if text is None else str(text)
    if any(c in text for c in ',"\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def csv_line(cells):
    return ",".join(csv_cell(c) for c in cells) + "\n"

"""What the company's model gateway exports from July 2026 on, the first months of the plan: one line
a day, project, model and kind of request, with tokens and cost. Not part of FY2026's bills."""
import datetime
import io
from decimal import Decimal

from common import Noise, csv_line, packed, plain, weekday_share

FIRST = datetime.date(2026, 7, 1)
LAST = datetime.date(2026, 9, 30)
MILLION = Decimal(1000000)

SHORTER = {"eng-agents": Decimal("0.95")}  # what shorter prompts leave from September on

# in, out, cache_read, cache_write, batch_in, batch_out: USD per million tokens, from a day on
PRICES = {
    "claude-sonnet-5": [
        (datetime.date(2026, 7, 1), ("2", "10", "0.20", "2.50", "1", "5")),
        (datetime.date(2026, 9, 1), ("3", "15", "0.30", "3.75", "1.50", "7.50"))],
    "claude-haiku-4-5": [(datetime.date(2026, 7, 1), ("1", "5", "0.10", "1.25", "0.50", "2.50"))],
    "gpt-4.1-mini": [(datetime.date(2026, 7, 1), ("0.40", "1.60", "0.10", "0.40", "0.20", "0.80"))],
}

# provider, project, tags, model, batch, requests on a working day (first, last), weekend share,
# tokens in and out per request (first, last), share read from and written to cache
SERIES = [
    ("Anthropic", "docs-quality", "", "claude-sonnet-5", False, (31000, 36500), "0.35",
     (4350, 4420), (905, 935), "0", "0"),
    ("Anthropic", "docs-quality", "", "claude-sonnet-5", True, (12200, 16100), "0.9",
     (4310, 4400), (890, 915), "0", "0"),
    ("Anthropic", "docs-quality", "", "claude-haiku-4-5", False, (16100, 16900), "0.35",
     (3890, 3940), (820, 830), "0", "0"),
    ("OpenAI", "proj_docs_extract", "", "gpt-4.1-mini", False, (9100, 9800), "0.35",
     (3950, 3920), (840, 850), "0", "0"),
    ("AWS", "410000000061", '{"initiative":"support"}', "claude-sonnet-5", False, (50500, 58800),
     "0.55", (4930, 5080), (452, 470), "0.58", "0.06"),
    ("AWS", "410000000061", '{"initiative":"support"}', "claude-haiku-4-5", False, (16700, 19800),
     "0.55", (4610, 4690), (405, 412), "0.52", "0.05"),
    ("Anthropic", "eng-agents", "", "claude-sonnet-5", False, (25800, 33900), "0.12",
     (26800, 31500), (1080, 1190), "0.76", "0.07"),
]
COLUMNS = ["date", "provider", "project", "tags", "model", "batch", "requests", "prompt_tokens",
           "cached_tokens", "cache_creation_input_tokens", "completion_tokens", "cost_usd"]


def between(day, ends):
    share = Decimal((day - FIRST).days) / Decimal((LAST - FIRST).days)
    return Decimal(ends[0]) + (Decimal(ends[1]) - Decimal(ends[0])) * share


def price(model, day):
    return [Decimal(x) for x in [p for d, p in PRICES[model] if d <= day][-1]]


def row(series, day):
    provider, project, tags, model, batch, requests, weekend, each_in, each_out, read, written = series
    noise = Noise("gateway %s %s %s" % (project, model, batch))
    key = day.isoformat()
    n = int(between(day, requests) * weekday_share(day, weekend) * noise.factor(key, 8))
    left = SHORTER.get(project, Decimal("0.92")) if day >= datetime.date(2026, 9, 1) else Decimal(1)
    tokens_in = int(n * between(day, each_in) * left * noise.factor(key + " in", 3))
    tokens_out = int(n * between(day, each_out) * noise.factor(key + " out", 4))
    cached = int(tokens_in * Decimal(read) * noise.factor(key + " cached", 5))
    made = int(tokens_in * Decimal(written) * noise.factor(key + " written", 9))
    p_in, p_out, p_read, p_write, p_batch_in, p_batch_out = price(model, day)
    if batch:
        p_in, p_out = p_batch_in, p_batch_out
    cost = ((tokens_in - cached - made) * p_in + cached * p_read + made * p_write +
            tokens_out * p_out) / MILLION
    return [day, provider, project, tags, model, "true" if batch else "false", n, tokens_in, cached,
            made, tokens_out, plain(cost)]


def build():
    out = io.StringIO()
    out.write(csv_line(COLUMNS))
    day = FIRST
    while day <= LAST:
        for series in SERIES:
            out.write(csv_line(row(series, day)))
        day += datetime.timedelta(days=1)
    return {"usage/gateway-FY2027-Q1.csv.gz": packed(out.getvalue())}

"""What model vendors report themselves: OpenAI's costs, Anthropic's cost export, and the session
logs that Claude Code leaves on the machines of one pilot team."""
import calendar
import datetime
import json
from decimal import Decimal

from common import (MONTHS, QUARTERS, Noise, Truth, between, csv_line, home, month_days, packed,
                    plain, rounded, weekday_share)

MILLION = Decimal(1000000)

# project, model, line item, bucket, USD per million, million tokens a day at both ends, first, last
OPENAI = [
    ("proj_docs_extract", "gpt-4.1-2025-04-14", "input", "in", "2", ("26", "52"), None, None),
    ("proj_docs_extract", "gpt-4.1-2025-04-14", "cached input", "cache_read", "0.5", ("9", "30"),
     None, None),
    ("proj_docs_extract", "gpt-4.1-2025-04-14", "output", "out", "8", ("5.5", "11"), None, None),
    ("proj_support_eval", "gpt-5-mini-2025-08-07", "input", "in", "0.25", ("60", "95"),
     datetime.date(2025, 9, 8), None),
    ("proj_support_eval", "gpt-5-mini-2025-08-07", "output", "out", "2", ("9", "15"),
     datetime.date(2025, 9, 8), None),
    ("proj_research", "gpt-5-2025-08-07", "input", "in", "1.25", ("11", "13"),
     datetime.date(2025, 8, 18), datetime.date(2026, 4, 30)),
    ("proj_research", "gpt-5-2025-08-07", "output", "out", "10", ("3.1", "4"),
     datetime.date(2025, 8, 18), datetime.date(2026, 4, 30)),
]
OPENAI_HOME = {
    "proj_docs_extract": home("vendor", "docs.read"),
    "proj_support_eval": home("vendor", "support.chat"),
    "proj_research": home("reserve"),
}


def openai_result(spec, day):
    project, model, item, bucket, price, per_day, first, last = spec
    if (first and day < first) or (last and day > last):
        return None
    millions = (between(day, *per_day) * weekday_share(day, "0.3") *
                Noise("openai %s %s" % (project, item)).factor(day, 14))
    tokens = int(millions * 1000) * 1000
    cost = tokens * Decimal(price) / MILLION
    text = ('{"object":"organization.costs.result","amount":{"value":%s,"currency":"usd"},'
            '"line_item":"%s, %s","project_id":"%s","api_key_id":null,"quantity":%d,'
            '"quantity_unit":"tokens"}' % (plain(cost), model, item, project, tokens))
    return text, Truth(day, "OpenAI", cost, cost, OPENAI_HOME[project], tokens={bucket: tokens})


def openai_page(quarter, truth):
    buckets = []
    for m in quarter:
        for day in month_days(m):
            made = [x for x in (openai_result(s, day) for s in OPENAI) if x]
            truth.extend(t for _, t in made)
            start = calendar.timegm(day.timetuple())
            buckets.append('{"object":"bucket","start_time":%d,"end_time":%d,"results":[%s]}' % (
                start, start + 86400, ",".join(text for text, _ in made)))
    return '{"object":"page","data":[\n%s\n],"has_more":false,"next_page":null}\n' % ",\n".join(
        buckets)


# ---- Anthropic ----

ANTHROPIC_COLUMNS = ["usage_date_utc", "model", "workspace", "api_key", "usage_type",
                     "context_window", "token_type", "cost_usd", "list_price_usd", "cost_type",
                     "inference_geo", "speed"]
# USD per million tokens of the Sonnet models of that year
TOKEN_PRICES = [("input_no_cache", "3"), ("output", "15"), ("input_cache_read", "0.3"),
                ("input_cache_write_5m", "3.75")]
# workspace, million tokens per day by type at both ends
WORKSPACES = [
    ("eng-agents", home("vendor", "code.agents"),
     {"input_no_cache": ("19", "52"), "output": ("14", "46"), "input_cache_read": ("520", "1900"),
      "input_cache_write_5m": ("34", "97")}),
    ("docs-quality", home("vendor", "docs.read"),
     {"input_no_cache": ("4", "9"), "output": ("0.9", "2.2"), "input_cache_read": ("0", "0"),
      "input_cache_write_5m": ("0", "0")}),
]


def sonnet_of(day):
    if day < datetime.date(2025, 10, 6):
        return "Claude Sonnet 4"
    return "Claude Sonnet 4.5" if day < datetime.date(2026, 3, 2) else "Claude Sonnet 4.6"


def anthropic_costs(truth):
    """The organization exists since September; cost is in dollars, cut to a hundredth of a cent."""
    text = csv_line(ANTHROPIC_COLUMNS)
    for m in MONTHS[2:]:
        for day in month_days(m):
            for workspace, parts, volumes in WORKSPACES:
                for kind, price in TOKEN_PRICES:
                    millions = (between(day, *volumes[kind]) * weekday_share(day, "0.2") *
                                Noise("anthropic %s %s" % (workspace, kind)).factor(day, 18))
                    cost = rounded(millions * Decimal(price), 4)
                    if not cost:
                        continue
                    text += csv_line([day.isoformat(), sonnet_of(day), workspace, workspace + "-1",
                                      "message", "\u2264 200k", kind, plain(cost), plain(cost),
                                      "tokens", "not_available", ""])
                    truth.append(Truth(day, "Anthropic", cost, cost, parts))
    return packed(text)


# ---- Claude Code ----

# per million tokens: input, output, cache read, cache write of five minutes
CODE_PRICES = {
    "claude-sonnet-4-20250514": ("3", "15", "0.3", "3.75"),
    "claude-opus-4-1-20250805": ("15", "75", "1.5", "18.75"),
}
BUCKETS = ("in", "out", "cache_read", "cache_write_5m")


def session_line(when, session, number, model, counts):
    n = Noise("claude code " + session)
    return json.dumps({
        "parentUuid": n.uuid("parent %d" % number), "isSidechain": False, "userType": "external",
        "cwd": "/src/portal", "sessionId": session, "version": "1.0.71", "gitBranch": "main",
        "message": {
            "id": "msg_01" + n.hex("message %d" % number, 22), "type": "message",
            "role": "assistant", "model": model, "content": [], "stop_reason": None,
            "stop_sequence": None,
            "usage": {"input_tokens": counts[0], "cache_creation_input_tokens": counts[3],
                      "cache_read_input_tokens": counts[2],
                      "cache_creation": {"ephemeral_5m_input_tokens": counts[3],
                                         "ephemeral_1h_input_tokens": 0},
                      "output_tokens": counts[1], "service_tier": "standard"}},
        "requestId": "req_011" + n.hex("request %d" % number, 20), "type": "assistant",
        "uuid": n.uuid("line %d" % number),
        "timestamp": when.strftime("%Y-%m-%dT%H:%M:%S") + ".%03dZ" % n.part("ms %d" % number, 1000),
    }, separators=(",", ":")) + "\n"


def user_line(when, session):
    """What a person typed is not in these logs; the line only stands where it stood."""
    return json.dumps({"type": "user", "sessionId": session, "cwd": "/src/portal",
                       "message": {"role": "user", "content": "(removed)"},
                       "uuid": Noise("user " + session).uuid(when.isoformat()),
                       "timestamp": when.strftime("%Y-%m-%dT%H:%M:%S.000Z")},
                      separators=(",", ":")) + "\n"


def session(index, day, truth):
    """One session. Every ninth answer was streamed in two parts: the log has its usage twice, under
    one message id, and it was paid once."""
    name = Noise("session").uuid(index)
    n = Noise("claude code " + name)
    model = list(CODE_PRICES)[1 if index % 4 == 3 else 0]
    when = datetime.datetime(day.year, day.month, day.day, 8 + n.part("hour", 9),
                             n.part("minute", 60))
    text = user_line(when, name)
    context = 14000 + n.part("context", 9000)
    for k in range(18 + n.part("length", 12)):
        when += datetime.timedelta(seconds=20 + n.part("pause %d" % k, 220))
        written = 400 + n.part("written %d" % k, 5200)
        counts = (4 + n.part("in %d" % k, 900), 120 + n.part("out %d" % k, 1900), context, written)
        context += written
        line = session_line(when, name, k, model, counts)
        text += line * (2 if k % 9 == 8 else 1)
        cost = sum(c * Decimal(p) for c, p in zip(counts, CODE_PRICES[model])) / MILLION
        truth.append(Truth(day, "Anthropic", cost, cost, home("vendor", "code.agents"),
                           tokens=dict(zip(BUCKETS, counts))))
    return name, text


def build():
    files, truth = {}, []
    for i, quarter in enumerate(QUARTERS):
        name = "models/openai-costs-FY2026-Q%d.json" % (i + 1)
        files[name] = openai_page(quarter, truth).encode()
    files["models/anthropic-cost-FY2026.csv.gz"] = anthropic_costs(truth)
    workdays = [d for d in month_days((2025, 8)) if d.weekday() < 5]
    for index, day in enumerate(workdays[6:]):  # from Aug 11, when both models were there
        name, text = session(index, day, truth)
        files["models/claude-code-pilot/%s.jsonl" % name] = text.encode()
    return files, truth

#!/usr/bin/env python3
"""Data of the plan benchmark.

  make.py plan LINES MONTHS                  a plan of all kinds of lines, every fourth with a curve
  make.py journal PLAN.json ledger|hledger   the same lines as a budget: one monthly posting each

PLAN.json is `outlay plan --format json`. A journal holds what these tools can say: a constant amount per
line and month (the mean of ours), and one actual posting a month, without which there is no report.
"""
import json
import sys
from decimal import Decimal

KINDS = [
    ("compute", "{{id: t{i}, kind: training, machine: h100, gpu_hours: {n}/mo ({lo} to {hi})}}"),
    ("compute", "{{id: s{i}, kind: inference, machine: l4, requests: {{{first}: {n}k, {last}: {hi}k}}, per_hour: 9k, at_least: 2}}"),
    ("compute", "{{id: d{i}, kind: storage, tb: {n}, price: 21, growth: 1%/mo}}"),
    ("llm", "{{id: m{i}, model: chat, users: =staff * {n} / 100, sessions: 12, requests: 5 (4 to 7), in: 3100, out: 420, cached: 40%}}"),
    ("llm", "{{id: b{i}, models: {{chat: 70%, small: 30%}}, users: {{{first}: {n}, {last}: {hi}}}, sessions: 9, requests: 6, in: 2600, out: 300, batch: 30%}}"),
    ("saas", "{{id: a{i}, seats: =staff / 10, price: {n} /yr}}"),
    ("labeling", "{{id: l{i}, items: {n}/mo ({lo} to {hi}), price: 0.90, review: 8%}}"),
    ("tools", "{{id: o{i}, cost: {n}/mo}}"),
]
SECTIONS = ["compute", "llm", "saas", "labeling", "tools"]
PER_INITIATIVE = 40


def month(i):
    return "%d-%02d" % (2026 + (6 + i) // 12, (6 + i) % 12 + 1)


def plan(lines, months):
    first, last = month(0), month(months - 1)
    out = ["plan: {name: Benchmark, starts: %s, months: %d months, horizon: 60 months}" % (first, months),
           "reserve: {share: 16%}",
           "drivers: {staff: {%s: 400, %s: 900}}" % (first, last),
           "machines: {h100: 6.88 (5 to 7), l4: 0.80}",
           "prices:",
           "  chat: {in: 3, out: 15, cache_read: 0.30, batch_in: 1.50, batch_out: 7.50}",
           "  small: {in: 1, out: 5, batch_in: 0.50, batch_out: 2.50}",
           "levers:",
           "  - {id: spot, use: yes, applies: compute.training, covers: 40%, saves: 50%}",
           "  - {id: prompts, use: yes, applies: llm.in, saves: 10%}",
           "initiatives:"]
    for start in range(0, lines, PER_INITIATIVE):
        out += ["  - id: i%d" % (start // PER_INITIATIVE), "    owner: owner-%d" % (start // PER_INITIATIVE % 12)]
        sections = {}
        for i in range(start, min(lines, start + PER_INITIATIVE)):
            section, text = KINDS[i % len(KINDS)]
            n = 200 + i * 37 % 800
            sections.setdefault(section, []).append(
                text.format(i=i, n=n, lo=n * 3 // 4, hi=n * 3 // 2, first=first, last=last))
        for section in SECTIONS:
            if section in sections:
                out += ["    %s:" % section] + ["      - " + x for x in sections[section]]
    return "\n".join(out).replace("months: %d months" % months, "months: %d" % months).replace(" /yr", "/yr") + "\n"


def journal(path, kind):
    with open(path) as f:
        report = json.load(f)
    months, lines = report["months"], report["tables"]["lines"]
    end = months[-1]
    year, m = int(end[:4]), int(end[5:])
    after = "%d-%02d-01" % (year + m // 12, m % 12 + 1)
    out = ["~ monthly from %s-01 to %s" % (months[0], after) if kind == "hledger"
           else "~ Monthly from %s/01 to %s" % (months[0].replace("-", "/"), after.replace("-", "/"))]
    for l in lines:
        mean = (Decimal(l["total"]) / len(months)).quantize(Decimal("0.01"))
        name = l["path"].replace(":", "-").replace(".", ":")
        out.append("    %s:%s  %s USD" % (l["category"], name, mean))
    out += ["    cash", ""]
    name = lines[0]["path"].replace(":", "-").replace(".", ":")
    for x in months:
        out += ["%s-15 spent" % x, "    %s:%s  1.00 USD" % (lines[0]["category"], name), "    cash", ""]
    return "\n".join(out)


if __name__ == "__main__":
    if sys.argv[1] == "plan":
        sys.stdout.write(plan(int(sys.argv[2]), int(sys.argv[3])))
    else:
        sys.stdout.write(journal(sys.argv[2], sys.argv[3]))
